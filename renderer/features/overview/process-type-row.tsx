import { Loader, Select, Slider } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useState } from 'react'
import type { CallResult } from '../../../electron/bridge/contract.ts'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { countOf } from '../../lib/format.ts'
import type { Target } from '../../lib/target.ts'
import { useAction } from '../../lib/use-action.ts'
import { bridge } from '../../stores/bridge.ts'
import { setResource } from '../../stores/resources.ts'
import styles from './overview.module.css'

type Process = CallResult<'formation.list'>[number]
type Size = CallResult<'dynoSizes.list'>[number]

interface ProcessTypeRowProps {
  target: Target
  process: Process
  sizes: Size[]
  /** Why it can't be changed now; null when it can. */
  obstacle: string | null
}

/** Ten is enough to slide over; who runs more keeps room above. */
const usualMost = 10

export function ProcessTypeRow({ target, process, sizes, obstacle }: ProcessTypeRowProps) {
  const { type, quantity, size } = process
  // Where the thumb is while the user moves it and while the change runs; null shows what the server says.
  const [chosen, setChosen] = useState<number | null>(null)
  const change = useAction(async (update: { quantity?: number; size?: string }) => {
    const updates = [{ type, ...update }]
    setResource('formation.list', target, await bridge().call('formation.update', { ...target, updates }))
  })
  // The keyboard moves the thumb one step a press: wait until it rests.
  const scale = useDebouncedCallback(async (to: number) => {
    if (to !== quantity) await change.run({ quantity: to })
    setChosen(null)
  }, 350)
  const most = Math.max(usualMost, quantity, chosen ?? 0)
  const shown = chosen ?? quantity
  return (
    <div className={styles.process} title={obstacle ?? undefined}>
      <div className="truncate">
        <div className={`${styles.type} truncate`} title={type}>
          {type}
        </div>
        <div className={`${styles.command} mono truncate`} title={process.command}>
          {process.command}
        </div>
      </div>
      <div className={styles.quantity}>
        <Slider
          size={4}
          thumbSize={16}
          min={0}
          max={most}
          label={null}
          thumbLabel={`${type} quantity`}
          thumbValueText={(value) => countOf(value, 'dyno')}
          value={shown}
          disabled={obstacle !== null}
          onChange={setChosen}
          onChangeEnd={scale}
        />
        <span className={`${styles.count} num`}>{shown}</span>
      </div>
      <Select
        aria-label={`${type} size`}
        allowDeselect={false}
        data={sizes.length > 0 ? sizes.map(({ name }) => name) : [size]}
        value={size}
        disabled={obstacle !== null || change.isRunning}
        onChange={(value) => value && value !== size && void change.run({ size: value })}
        renderOption={({ option }) => (
          <SizeOption name={option.value} size={sizes.find((s) => s.name === option.value)} />
        )}
      />
      {change.isRunning && (
        <div className={styles.working} role="status">
          <Loader size={12} /> {chosen !== null ? `Scaling ${type} from ${quantity} to ${chosen}` : `Changing ${type}`}
        </div>
      )}
      {change.error && (
        <div className={styles.notice}>
          <ErrorNotice error={change.error} onClose={change.clearError} />
        </div>
      )}
    </div>
  )
}

function SizeOption({ name, size }: { name: string; size: Size | undefined }) {
  return (
    <span>
      {name} {size && <span className="dim num">{Math.round(size.memory * 1024)} MB</span>}
    </span>
  )
}
