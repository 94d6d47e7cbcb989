import { Select, Slider } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useState } from 'react'
import type { CallResult } from '../../../electron/bridge/contract.ts'
import { scale } from '../../commands/acts/scale.ts'
import { ErrorNotice } from '../../components/notices/error-notice.tsx'
import { type MemoryRoom, planMemory, type Scaled } from '../../lib/apps/memory-plan.ts'
import type { Target } from '../../lib/apps/target.ts'
import { countOf, formatBytes } from '../../lib/format.ts'
import { useAction } from '../../lib/react/use-action.ts'
import { FormationChange } from './formation-change.tsx'
import styles from './overview.module.css'

type Process = CallResult<'formation.list'>[number]

interface ProcessTypeRowProps {
  target: Target
  process: Process
  sizes: CallResult<'dynoSizes.list'>
  room: MemoryRoom
  /** Why it can't be changed now; null when it can. */
  obstacle: string | null
}

/** Ten is enough to slide over; who runs more keeps room above. */
const usualMost = 10

export function ProcessTypeRow({ target, process, sizes, room, obstacle }: ProcessTypeRowProps) {
  const { type, quantity, size } = process
  // What the user has set, while it is set and while the change runs; null shows what the server says.
  const [wanted, setWanted] = useState<Scaled | null>(null)
  const change = useAction((to: Scaled) => scale(target, process, to))
  const apply = async (to: Scaled) => {
    if (to.quantity !== quantity || to.size !== size) await change.run(to)
    setWanted(null)
  }
  /** What fits is done at once; what may not waits for a word. */
  const settle = async (to: Scaled) => {
    if (!planMemory(process, to, room)?.isOver) await apply(to)
  }
  // The keyboard moves the thumb one step a press: wait until it rests.
  const rest = useDebouncedCallback(settle, 350)
  const shown = wanted ?? process
  const choose = (to: Scaled) => {
    setWanted(to)
    return to
  }
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
          max={Math.max(usualMost, quantity, shown.quantity)}
          label={null}
          thumbLabel={`${type} quantity`}
          thumbValueText={(value) => countOf(value, 'dyno')}
          value={shown.quantity}
          disabled={obstacle !== null}
          onChange={(value) => choose({ quantity: value, size: shown.size })}
          onChangeEnd={(value) => rest({ quantity: value, size: shown.size })}
        />
        <span className={`${styles.count} num`}>{shown.quantity}</span>
      </div>
      <Select
        aria-label={`${type} size`}
        allowDeselect={false}
        data={sizes.length > 0 ? sizes.map(({ name }) => name) : [size]}
        value={shown.size}
        comboboxProps={{ width: 250, position: 'bottom-end' }}
        disabled={obstacle !== null || change.isRunning}
        onChange={(value) => value && void settle(choose({ quantity: shown.quantity, size: value }))}
        renderOption={({ option }) => (
          <SizeOption process={process} wanted={{ quantity: shown.quantity, size: option.value }} room={room} />
        )}
      />
      {wanted && (
        <FormationChange
          type={type}
          from={process}
          to={wanted}
          plan={planMemory(process, wanted, room)}
          isRunning={change.isRunning}
          onApply={() => void apply(wanted)}
          onDrop={() => setWanted(null)}
        />
      )}
      {change.error && (
        <div className={styles.notice}>
          <ErrorNotice error={change.error} onClose={change.clearError} />
        </div>
      )}
    </div>
  )
}

/** `standard  512 MB each, 1.5 GB for 3`. */
function SizeOption({ process, wanted, room }: { process: Scaled; wanted: Scaled; room: MemoryRoom }) {
  const { quantity, size } = wanted
  const grant = room.bytesOf(size)
  const isOver = planMemory(process, wanted, room)?.isOver
  return (
    <span>
      {size}{' '}
      {grant !== null && (
        <span className="dim num">
          {formatBytes(grant)}
          {quantity > 1 && ` each, ${formatBytes(grant * quantity)} for ${quantity}`}
        </span>
      )}
      {isOver && <span className={styles.over}> more than is left</span>}
    </span>
  )
}
