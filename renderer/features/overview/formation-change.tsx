import { Button, Loader, Progress } from '@mantine/core'
import type { MemoryPlan, Scaled } from '../../lib/apps/memory-plan.ts'
import styles from './overview.module.css'

interface FormationChangeProps {
  type: string
  from: Scaled
  to: Scaled
  /** Null where its memory can't be told. */
  plan: MemoryPlan | null
  isRunning: boolean
  onApply: () => void
  onDrop: () => void
}

/** What a change would take, before and while it runs; asks where that may be more than the server has left. */
export function FormationChange({ type, from, to, plan, isRunning, onApply, onDrop }: FormationChangeProps) {
  const isHeld = !isRunning && plan?.isOver
  return (
    <div className={styles.change} data-over={isHeld || undefined} role={isHeld ? 'alert' : 'status'}>
      {isRunning && <Loader size={12} />}
      <span className={styles.changeText}>
        {isRunning && `${describe(type, from, to)}. `}
        {plan?.text}
        {isHeld && '. Dynos that find no memory are ended, of this app or of another.'}
      </span>
      {!isHeld && plan?.leftBytes != null && plan.needsBytes > 0 && (
        <Progress
          w={90}
          size={4}
          value={plan.leftBytes === 0 ? 100 : Math.min(100, (plan.needsBytes / plan.leftBytes) * 100)}
          color={plan.isOver ? 'red' : 'ember'}
          aria-label={`Share of the memory left that ${type} would take`}
        />
      )}
      {isHeld && (
        <>
          <Button size="compact-xs" variant="default" onClick={onDrop}>
            Keep {from.quantity} × {from.size}
          </Button>
          <Button size="compact-xs" color="red" onClick={onApply}>
            Scale anyway
          </Button>
        </>
      )}
    </div>
  )
}

function describe(type: string, from: Scaled, to: Scaled): string {
  if (from.size !== to.size) return `Changing ${type} to ${to.quantity} × ${to.size}`
  return `Scaling ${type} from ${from.quantity} to ${to.quantity}`
}
