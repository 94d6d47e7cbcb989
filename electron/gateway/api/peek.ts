import type { Duplex } from 'node:stream'

/**
 * Looks at the first bytes of a connection and puts them back, so that whoever takes it reads them again. Null when the
 * peer ended, or said too little in that time.
 */
export function peekBytes(
  stream: Duplex,
  isEnough: (seen: Buffer) => boolean,
  withinMs: number,
): Promise<Buffer | null> {
  return new Promise((resolve) => {
    let seen = Buffer.alloc(0)
    const finish = (result: Buffer | null) => {
      clearTimeout(timer)
      stream.off('data', take)
      stream.off('end', end)
      stream.off('close', end)
      stream.pause()
      if (result) stream.unshift(result)
      resolve(result)
    }
    const take = (chunk: Buffer) => {
      seen = Buffer.concat([seen, chunk])
      if (isEnough(seen)) finish(seen)
    }
    const end = () => finish(null)
    const timer = setTimeout(end, withinMs)
    stream.on('data', take)
    stream.on('end', end)
    stream.on('close', end)
  })
}
