import type { Call } from './command.ts'

/** For commands that serve something and have nothing else to do. */
export async function untilInterrupted({ signal, console }: Call): Promise<void> {
  console.note('Serving until Ctrl-C.')
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
    // An abort listener alone keeps no program alive.
    const alive = setInterval(() => {}, 60_000)
    signal.addEventListener('abort', () => clearInterval(alive), { once: true })
  })
}
