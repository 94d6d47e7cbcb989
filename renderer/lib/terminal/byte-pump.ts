/** xterm parses this much in well under a frame; larger writes make it stutter, smaller ones cost calls. */
const chunkBytes = 64 * 1024

/** What the pump writes to; xterm's `write` calls back when it has parsed the piece. */
export interface Screen {
  write(bytes: Uint8Array | string, done: () => void): void
}

/**
 * Moves a byte stream onto a screen, one piece at a time. The next piece is read only when the screen took the last, so
 * that the stream's credit holds back whoever produces faster than this can draw.
 */
export async function pumpBytes(
  bytes: ReadableStream<Uint8Array>,
  screen: Screen,
  signal?: AbortSignal,
): Promise<void> {
  const reader = bytes.getReader()
  signal?.addEventListener('abort', () => void reader.cancel().catch(() => undefined), { once: true })
  for (;;) {
    const { value, done } = await reader.read()
    if (done || signal?.aborted) return
    for (let at = 0; at < value.length; at += chunkBytes)
      await new Promise<void>((resolve) => screen.write(value.subarray(at, at + chunkBytes), resolve))
  }
}
