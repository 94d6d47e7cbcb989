// Packs and pushes written by hand: what git itself would never send.
import { createHash } from 'node:crypto'
import { deflateSync } from 'node:zlib'

const kinds = { commit: 1, tree: 2, blob: 3, tag: 4 } as const

export interface PackObject {
  readonly kind: keyof typeof kinds
  readonly content: Buffer
  readonly id: string
}

export function makeObject(kind: keyof typeof kinds, content: Buffer | string): PackObject {
  const bytes = Buffer.from(content as string)
  const id = createHash('sha1').update(`${kind} ${bytes.length}\0`).update(bytes).digest('hex')
  return { kind, content: bytes, id }
}

export interface TreeEntry {
  readonly mode: string
  readonly name: string | Buffer
  readonly id: string
}

/** Entries as they are given, in that order. */
export function makeTree(entries: readonly TreeEntry[]): PackObject {
  const parts = entries.map(({ mode, name, id }) =>
    Buffer.concat([Buffer.from(`${mode} `), Buffer.from(name as string), Buffer.from([0]), Buffer.from(id, 'hex')]),
  )
  return makeObject('tree', Buffer.concat(parts))
}

export function makeCommit(tree: string, message = 'Hostile'): PackObject {
  const person = 'Eve <eve@example.com> 1700000000 +0000'
  return makeObject('commit', `tree ${tree}\nauthor ${person}\ncommitter ${person}\n\n${message}\n`)
}

export function renderObject({ kind, content }: PackObject): Buffer {
  return Buffer.concat([renderHead(kinds[kind], content.length), deflateSync(content)])
}

/** An object as the change of another one. */
export function renderDelta(baseId: string, delta: Buffer): Buffer {
  return Buffer.concat([renderHead(7, delta.length), Buffer.from(baseId, 'hex'), deflateSync(delta)])
}

/** Copies the whole base so many times: a few bytes for each. */
export function repeatBase(baseBytes: number, times: number): Buffer {
  const copy = Buffer.from([
    0x80 | 0x10 | 0x20 | 0x40,
    baseBytes & 255,
    (baseBytes >> 8) & 255,
    (baseBytes >> 16) & 255,
  ])
  return Buffer.concat([renderSize(baseBytes), renderSize(baseBytes * times), ...Array<Buffer>(times).fill(copy)])
}

export function renderPack(objects: readonly Buffer[], announced = objects.length): Buffer {
  const head = Buffer.alloc(12)
  head.write('PACK')
  head.writeUInt32BE(2, 4)
  head.writeUInt32BE(announced, 8)
  const body = Buffer.concat([head, ...objects])
  return Buffer.concat([body, createHash('sha1').update(body).digest()])
}

export interface Command {
  readonly before?: string
  readonly after: string
  readonly ref: string
}

const none = '0'.repeat(40)

/** What a client sends after the branches were told to it. */
export function renderPush(commands: readonly Command[], pack: Buffer): Buffer {
  const lines = commands.map(({ before = none, after, ref }, index) =>
    renderLine(`${before} ${after} ${ref}${index === 0 ? '\0 report-status side-band-64k' : ''}`),
  )
  return Buffer.concat([...lines, Buffer.from('0000'), pack])
}

/** https://git-scm.com/docs/protocol-common#_pkt_line_format */
export function renderLine(text: string): Buffer {
  return Buffer.from(`${(Buffer.byteLength(text) + 4).toString(16).padStart(4, '0')}${text}`)
}

/** Kind and size, seven bits at a time after the first four. */
function renderHead(kind: number, size: number): Buffer {
  const bytes = [(kind << 4) | (size & 15)]
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 0x80
    bytes.push(rest % 128)
  }
  return Buffer.from(bytes)
}

function renderSize(size: number): Buffer {
  const bytes: number[] = []
  for (let rest = size; ; rest = Math.floor(rest / 128)) {
    const isLast = rest < 128
    bytes.push((rest % 128) | (isLast ? 0 : 0x80))
    if (isLast) return Buffer.from(bytes)
  }
}
