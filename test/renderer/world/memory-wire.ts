import type { Wire } from '../../../renderer/lib/rpc/wire.ts'

/** A wire whose other end is the test: what the client sent, and a way to answer. */
export interface MemoryWire extends Wire {
  frames: { t: string; i: number; [field: string]: unknown }[]
  data: { id: number; bytes: Uint8Array }[]
  answer(frame: object): void
  answerBytes(id: number, bytes: Uint8Array): void
}

export function makeMemoryWire(): MemoryWire {
  const wire: MemoryWire = {
    frames: [],
    data: [],
    onMessage: () => undefined,
    onClose: () => undefined,
    close: () => undefined,
    send: (message) => {
      if (typeof message === 'string') wire.frames.push(JSON.parse(message))
      else wire.data.push({ id: new DataView(message.buffer).getUint32(0), bytes: message.slice(4) })
    },
    answer: (frame) => wire.onMessage(JSON.stringify(frame)),
    answerBytes: (id, bytes) => {
      const message = new Uint8Array(4 + bytes.length)
      new DataView(message.buffer).setUint32(0, id)
      message.set(bytes, 4)
      wire.onMessage(message)
    },
  }
  return wire
}
