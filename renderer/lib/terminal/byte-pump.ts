import { type Screen, ScreenFlow } from './screen-flow.ts'

/**
 * Moves a byte stream onto a screen. It reads on only while the screen keeps up, so that the stream's credit holds back whoever
 * produces faster than this can draw. At the end all of it is on the screen.
 */
export async function pumpBytes(
  bytes: ReadableStream<Uint8Array>,
  screen: Screen<Uint8Array>,
  signal?: AbortSignal,
): Promise<void> {
  const reader = bytes.getReader()
  const flow = new ScreenFlow(screen)
  signal?.addEventListener('abort', () => void reader.cancel().catch(() => undefined), { once: true })
  for (;;) {
    const { value, done } = await reader.read()
    if (signal?.aborted) return
    if (done) return flow.drain()
    await flow.write(value)
  }
}
