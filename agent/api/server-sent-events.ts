const encoder = new TextEncoder()
const comment = encoder.encode(':\n\n')
/** Milliseconds after which a client asks again. One that is not told waits three seconds before it believes in the end. */
const retryAtOnce = encoder.encode('retry: 1\n\n')

/**
 * What a stream of server-sent events needs besides its events: a comment at once, so that whatever stands between passes on that
 * it has begun, another whenever nothing else came for a while, and at its end a word that there is nothing to wait for.
 */
export async function* completeEvents(
  events: AsyncIterable<Uint8Array>,
  heartbeatMs: number,
): AsyncGenerator<Uint8Array> {
  const iterator = events[Symbol.asyncIterator]()
  try {
    yield comment
    for (let next = iterator.next(); ; ) {
      const result = await within(next, heartbeatMs)
      if (result === null) {
        yield comment
        continue
      }
      if (result.done) break
      yield result.value
      next = iterator.next()
    }
    yield retryAtOnce
  } finally {
    await iterator.return?.()
  }
}

/** Null when it takes longer. */
async function within<T>(promise: Promise<T>, durationMs: number): Promise<T | null> {
  const late = Promise.withResolvers<null>()
  const timer = setTimeout(() => late.resolve(null), durationMs)
  try {
    return await Promise.race([promise, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
