import { type Action, useAction } from '../lib/react/use-action.ts'
import { useResources } from '../stores/resources.ts'
import type { Command } from './command.ts'
import { execute } from './execute.ts'
import type { Place, Subjects } from './subject.ts'

interface Offered<P extends Place> extends Pick<Action<[Subjects[P]], unknown>, 'isRunning' | 'error' | 'clearError'> {
  label: string
  /** Why it can't be done now, as a sentence; null when it can. */
  obstacle: string | null
  /** Asks first where it has to. */
  start: () => void
}

/** A command as a button of a screen, which shows there that it runs and what went wrong. */
export function useCommand<P extends Place>(command: Command<P>, subject: Subjects[P]): Offered<P> {
  const action = useAction(async (chosen: Subjects[P]) => command.run(chosen))
  // What may be done hangs on answers (a role, the settings): it is looked at again when any comes.
  const obstacle = useResources(() => command.obstacle(subject))
  const label = useResources(() => command.label(subject))
  const { isRunning, error, clearError, run } = action
  return { isRunning, error, clearError, label, obstacle, start: () => execute(command, subject, run) }
}
