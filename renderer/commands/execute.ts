import { ask } from '../components/actions/ask.tsx'
import { asEnvelope } from '../lib/error.ts'
import type { Command } from './command.ts'
import { tellFailure, tellObstacle } from './notices/notices.tsx'
import type { Place, Subjects } from './subject.ts'
import { say } from './words.ts'

type Run<P extends Place> = (subject: Subjects[P]) => Promise<unknown>

/**
 * The one door to every command, from wherever it is asked for: what stands in its way is said, what takes something away
 * is asked first. `run` is given where its failure is shown in place; else a notice tells it.
 */
export function execute<P extends Place>(command: Command<P>, subject: Subjects[P], run?: Run<P>): void {
  const obstacle = command.obstacle(subject)
  const work = run ?? ((chosen: Subjects[P]) => runLoudly(command, chosen))
  if (command.ask) command.ask(subject, (chosen) => void work(chosen))
  else if (obstacle) tellObstacle(command.label(subject), obstacle)
  else if (command.loss) askForLoss(command, subject, work)
  else void work(subject)
}

async function runLoudly<P extends Place>(command: Command<P>, subject: Subjects[P]): Promise<void> {
  try {
    await command.run(subject)
  } catch (thrown) {
    tellFailure(command.label(subject), asEnvelope(thrown))
  }
}

function askForLoss<P extends Place>(command: Command<P>, subject: Subjects[P], work: Run<P>): void {
  if (!command.loss) return
  const { title, lost, confirm } = command.loss
  ask({
    title: title(subject),
    children: lost(subject),
    confirm: say(confirm, subject),
    isDestructive: true,
    // A dialog that takes a name stays until the work is done, and shows itself what went wrong.
    ...(command.isTyped && 'summary' in subject ? { typed: subject.summary.app.name } : {}),
    onConfirm: () => (command.isTyped ? Promise.resolve(command.run(subject)) : work(subject)),
  })
}
