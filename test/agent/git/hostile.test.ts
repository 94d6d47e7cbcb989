import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Writable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { GitService } from '../../../agent/contract/sources/git.ts'
import { until } from '../../tooling/until.ts'
import { Forge } from './forge.ts'
import {
  makeCommit,
  makeObject,
  makeTree,
  type PackObject,
  renderDelta,
  renderLine,
  renderObject,
  renderPack,
  renderPush,
  repeatBase,
  type TreeEntry,
} from './pack.ts'

// git starts a dozen processes for a push, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

let forge: Forge
let announced: number
beforeEach(async () => {
  forge = await Forge.open()
  announced = 0
  forge.onPush = async () => {
    announced += 1
    return true
  }
})
afterEach(() => forge.close())

interface Answer {
  readonly text: string
  readonly status: number
  readonly message: string
}

/** Sends bytes as they are and reads to the end; `isOpen` leaves the sending end open. */
async function send(
  input: Iterable<Buffer | string>,
  service: GitService = 'git-receive-pack',
  isOpen = false,
): Promise<Answer> {
  const { appId, onPush } = forge
  const session = await forge.repositories.openSession({ appId, service, mode: 'session', protocol: null, onPush })
  let text = ''
  session.output.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
  for (const chunk of input) {
    if (session.input.destroyed) break
    if (!session.input.write(chunk)) await drained(session.input)
  }
  if (!isOpen) session.input.end()
  return { ...(await session.end), text }
}

function drained(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      for (const event of ['drain', 'close']) stream.off(event, done)
      resolve()
    }
    for (const event of ['drain', 'close']) stream.on(event, done)
  })
}

const push = (commands: Parameters<typeof renderPush>[0], pack: Buffer) => send([renderPush(commands, pack)])
const toMain = (after: string) => [{ after, ref: 'refs/heads/main' }]
const blob = makeObject('blob', 'hello\n')
const good = makeTree([{ mode: '100644', name: 'a', id: blob.id }])

/** A commit of that tree, with all that it is made of. */
function pushTree(tree: PackObject, ...others: PackObject[]): Promise<Answer> {
  const commit = makeCommit(tree.id)
  return push(toMain(commit.id), renderPack([commit, tree, ...others].map(renderObject)))
}

/** Nothing was taken and nothing lies around. */
async function expectUntouched(): Promise<void> {
  expect(announced).toBe(0)
  expect(await forge.look('for-each-ref')).toBe('')
  const left = () => readdirSync(path.join(forge.bare, 'objects')).sort()
  await until(() => expect(left()).toEqual(['info', 'pack']))
  expect(readdirSync(path.join(forge.bare, 'objects/pack'))).toEqual([])
  expect(forge.problems).toEqual([])
  expect((await pushTree(good, blob)).text).toContain('ok refs/heads/main')
}

describe('a push by hand', () => {
  test('of good objects is taken', async () => {
    expect((await pushTree(good, blob)).text).toContain('ok refs/heads/main')
    expect(announced).toBe(1)
  })

  const hostile: [string, TreeEntry[]][] = [
    ['.git', [{ mode: '40000', name: '.git', id: good.id }]],
    ['.GIT', [{ mode: '40000', name: '.GIT', id: good.id }]],
    ['..', [{ mode: '40000', name: '..', id: good.id }]],
    ['.', [{ mode: '40000', name: '.', id: good.id }]],
    ['the short name that Windows gives .git', [{ mode: '40000', name: 'git~1', id: good.id }]],
    ['.git with a character that Macs ignore', [{ mode: '40000', name: '.g\u200cit', id: good.id }]],
    ['.git with the stream that Windows opens', [{ mode: '40000', name: '.git::$INDEX_ALLOCATION', id: good.id }]],
    ['a path', [{ mode: '100644', name: 'a/b', id: blob.id }]],
    ['an absolute path', [{ mode: '100644', name: '/etc/passwd', id: blob.id }]],
    ['no name', [{ mode: '100644', name: '', id: blob.id }]],
    ['one name twice', ['a', 'a'].map((name) => ({ mode: '100644', name, id: blob.id }))],
    ['names out of order', ['b', 'a'].map((name) => ({ mode: '100644', name, id: blob.id }))],
    ['a .gitmodules that is a link', [{ mode: '120000', name: '.gitmodules', id: blob.id }]],
  ]
  test.each(hostile)('of a tree with %s is refused', async (_, entries) => {
    const { text } = await pushTree(makeTree(entries), good, blob)
    expect(text).toMatch(/unpack (index-pack abnormal exit|unpacker error)/)
    await expectUntouched()
  })

  test('of a .gitmodules that would run something is refused', async () => {
    const modules = makeObject('blob', '[submodule "x"]\n\tpath = x\n\turl = -u./payload\n')
    const { text } = await pushTree(makeTree([{ mode: '100644', name: '.gitmodules', id: modules.id }]), modules)
    expect(text).toMatch(/gitmodulesUrl/)
    await expectUntouched()
  })

  const commit = makeCommit(good.id)
  const pack = renderPack([commit, good, blob].map(renderObject))
  const damaged = Buffer.from(pack)
  damaged[30] = (damaged[30] ?? 0) ^ 0xff
  test.each<[string, Buffer]>([
    ['a damaged object', damaged],
    ['a wrong checksum', Buffer.concat([pack.subarray(0, -20), Buffer.alloc(20)])],
    ['its end cut off', pack.subarray(0, -30)],
    ['fewer objects than announced', renderPack([commit, good, blob].map(renderObject), 9)],
    ['four billion objects announced', renderPack([commit, good, blob].map(renderObject), 0xffffffff)],
    ['no pack', Buffer.from('hello')],
    ['nothing', Buffer.alloc(0)],
    ['objects missing', renderPack([commit].map(renderObject))],
    ['a change of an object that is not there', renderPack([renderDelta('1'.repeat(40), repeatBase(10, 1))])],
  ])('with %s is refused', async (_, bytes) => {
    const { text } = await push(toMain(commit.id), bytes)
    expect(text).not.toContain('ok refs/heads/main')
    await expectUntouched()
  })

  test('of an object that unpacks to a gigabyte by copying a small one is refused before it does', async () => {
    const small = makeObject('blob', Buffer.alloc(0xffff, 'x'))
    const bomb = renderDelta(small.id, repeatBase(0xffff, 16_400))
    const { text } = await push(toMain(commit.id), renderPack([renderObject(small), bomb]))
    expect(text).toMatch(/over limit/)
    await expectUntouched()
  })

  test('that never ends is stopped at the limit, and nothing of it stays', async () => {
    forge.packBytes = 2_000_000
    await forge.restart()
    const endless = function* () {
      yield renderPush(toMain(commit.id), renderPack([], 1000).subarray(0, 12))
      // Random enough not to be called damaged before its time: stored as it is, block after block.
      yield Buffer.from([0xb0 | 0x0f, 0xff, 0xff, 0xff, 0x7f, 0x78, 0x01])
      for (;;) yield Buffer.concat([Buffer.from([0x00, 0xff, 0xff, 0x00, 0x00]), Buffer.alloc(0xffff, 'x')])
    }
    const { text } = await send(endless())
    expect(text).toMatch(/pack exceeds maximum allowed size/)
    await expectUntouched()
  })

  test('of a tree that names more files than there are atoms is taken, and never walked to its end', async () => {
    const trees = [good]
    for (let depth = 0; depth < 12; depth += 1) {
      const id = trees.at(-1)?.id ?? ''
      trees.push(makeTree(Array.from({ length: 10 }, (_, index) => ({ mode: '40000', name: `d${index}`, id }))))
    }
    const top = trees.at(-1) as PackObject
    let refusal: unknown
    forge.onPush = async ({ updates }) => {
      refusal = await forge.repositories.describeCommit(forge.appId, updates[0]?.after ?? '').catch((error) => error)
      return false
    }
    await pushTree(top, ...trees.slice(0, -1), blob)
    expect(refusal).toMatchObject({ id: 'too_large', message: expect.stringContaining('200000 files') })
  })

  test.each<[string, Buffer | string]>([
    ['what is no protocol', 'GET / HTTP/1.1\r\n\r\n'],
    ['an impossible length', 'zzzz'],
    ['a length without a line', 'ffff'],
    ['a ref that leads out', renderPush([{ after: commit.id, ref: 'refs/heads/../../../x' }], pack)],
    ['a ref that is a path', renderPush([{ after: commit.id, ref: '/etc/passwd' }], pack)],
    ['a ref without a name', renderPush([{ after: commit.id, ref: '' }], pack)],
    ['a ref that is a lock', renderPush([{ after: commit.id, ref: 'refs/heads/main.lock' }], pack)],
    [
      'a shallow boundary of nonsense',
      Buffer.concat([renderLine('shallow nonsense'), renderPush(toMain(commit.id), pack)]),
    ],
    ['options for the hook', Buffer.concat([renderLine('push-cert\0'), renderPush(toMain(commit.id), pack)])],
  ])('of %s changes nothing', async (_, bytes) => {
    const { text } = await send([bytes])
    expect(text).not.toMatch(/ok refs/)
    expect(await forge.look('for-each-ref')).toBe('')
    expect(existsSync(path.join(forge.bare, 'x'))).toBe(false)
    expect((await pushTree(good, blob)).text).toContain('ok refs/heads/main')
  })

  test('that breaks off in the middle leaves nothing', async () => {
    const { appId, onPush } = forge
    const service = 'git-receive-pack'
    const session = await forge.repositories.openSession({ appId, service, mode: 'session', protocol: null, onPush })
    session.input.write(renderPush(toMain(commit.id), pack).subarray(0, -40))
    await until(() => expect(readdirSync(path.join(forge.bare, 'objects')).join()).toContain('incoming'))
    session.abandon()
    await session.end
    await expectUntouched()
  })

  test('is stopped with a word when the disk runs full, and what had come is gone', async () => {
    const sending = send([renderPush(toMain(commit.id), pack).subarray(0, -40)], 'git-receive-pack', true)
    await until(() => expect(readdirSync(path.join(forge.bare, 'objects')).join()).toContain('incoming'))
    forge.isDiskLow = true
    expect(await sending).toMatchObject({
      status: 1,
      message: expect.stringContaining("The server's disk is nearly full"),
    })
    forge.isDiskLow = false
    await expectUntouched()
  })
})

describe('a fetch by hand', () => {
  test.each<[string, Buffer | string]>([
    ['what is no protocol', 'hello hello hello'],
    [
      'an object that no branch leads to',
      Buffer.concat([renderLine(`want ${'1'.repeat(40)}\n`), Buffer.from('0000'), renderLine('done\n')]),
    ],
    ['nothing, and is left at that', ''],
  ])('that asks for %s gets nothing', async (_, bytes) => {
    await pushTree(good, blob)
    const { text } = await send([bytes], 'git-upload-pack')
    expect(text).not.toContain('PACK')
  })
})

test('what an agent that was killed left behind is gone when the next one begins', async () => {
  await pushTree(good, blob)
  const at = (...names: string[]) => path.join(forge.bare, ...names)
  mkdirSync(at('objects/tmp_objdir-incoming-aB12cD/pack'), { recursive: true })
  writeFileSync(at('objects/tmp_objdir-incoming-aB12cD/pack/tmp_pack_x'), 'half')
  writeFileSync(at('refs/heads/main.lock'), '')
  writeFileSync(at('shallow_Ab12Cd'), '')
  writeFileSync(at('objects/pack/tmp_idx_x'), '')
  mkdirSync(forge.path('run/pushes/left'), { recursive: true })
  await forge.restart()
  // Without anybody asking for it.
  await until(() => expect(readdirSync(at('objects')).sort()).toEqual(['info', 'pack']))
  const ann = await forge.init()
  expect((await ann.push('--force', 'hearth', 'main')).status).toBe(0)
  expect(readdirSync(at('refs/heads'))).toEqual(['main'])
  expect(readdirSync(forge.bare)).not.toContain('shallow_Ab12Cd')
  expect(readdirSync(forge.path('run/pushes'))).toEqual([])
})
