import type { CallAnswers, StreamAnswers } from '../answers.ts'
import type { ShellDoor } from './desktop.ts'

const encoder = new TextEncoder()

/** The menu and the tray that the window asks for, and what is chosen there. */
export function answerShell(
  shell: ShellDoor,
): Pick<CallAnswers, 'shell.present'> & Pick<StreamAnswers, 'shell.events'> {
  return {
    async 'shell.present'(presentation) {
      await shell.present(presentation)
      return {}
    },
    async 'shell.events'(_, pipe) {
      const end = shell.onEvent((event) => void pipe.write(encoder.encode(`${JSON.stringify(event)}\n`)))
      await new Promise<void>((resolve) => {
        if (pipe.signal.aborted) resolve()
        else pipe.signal.addEventListener('abort', () => resolve(), { once: true })
      })
      end()
      return {}
    },
  }
}
