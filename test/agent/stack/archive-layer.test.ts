import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildUseMs } from '../../../agent/stack/directory-layer-store.ts'
import { openLocalStack } from '../../../agent/stack/local-stack.ts'
import { applyMirrors, parseMirrors } from '../../../agent/stack/mirrors.ts'
import { findSharedFolder } from '../../../agent/stack/unpack-zip.ts'

let folder: string
let server: Server
let mirror: string
const served = new Map<string, Buffer>()
let requests = 0
const upstream = 'https://runtimes.example.org/'

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'hearth-archive-'))
  const made = path.join(folder, 'made/tool-1.2.3')
  await mkdir(path.join(made, 'bin'), { recursive: true })
  await writeFile(path.join(made, 'bin/tool'), '#!/bin/sh\necho ran\n')
  await writeFile(path.join(made, 'notes'), 'text')
  await chmod(path.join(made, 'bin/tool'), 0o755)
  const pack = (...command: [string, ...string[]]) =>
    execFileSync(command[0], command.slice(1), { cwd: path.dirname(made) })
  pack('tar', '-czf', 'tool.tar.gz', 'tool-1.2.3')
  // Without modes and extra fields, as archives of Go modules are.
  const script = 'import zipfile\nwith zipfile.ZipFile("tool.zip", "w", zipfile.ZIP_DEFLATED) as z:\n'
  const entries = ['bin/tool', 'notes'].map(
    (name) => ` z.writestr(zipfile.ZipInfo("a@v1/tool/${name}"), open("tool-1.2.3/${name}").read())\n`,
  )
  pack('python3', '-c', script + entries.join(''))
  const evil = ' z.writestr(zipfile.ZipInfo("a/../../../evil"), "x")\n z.writestr(zipfile.ZipInfo("a/b"), "x")\n'
  pack('python3', '-c', script.replace('tool.zip', 'evil.zip') + evil)
  for (const name of ['tool.tar.gz', 'tool.zip', 'evil.zip'])
    served.set(`/${name}`, await readFile(path.join(path.dirname(made), name)))
  server = createServer((request, response) => {
    requests++
    const body = served.get(request.url ?? '')
    response.writeHead(body ? 200 : 404).end(body ?? '')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})
afterAll(async () => {
  server?.close()
  await rm(folder, { recursive: true, force: true })
})

const digestOf = (name: string) =>
  createHash('sha256')
    .update(served.get(`/${name}`) ?? '')
    .digest('hex')
const progress = { output: () => {}, signal: new AbortController().signal }
const openStore = async (mirrors = parseMirrors(`${upstream}=${mirror}`)) =>
  openLocalStack({ directory: await mkdtemp(path.join(folder, 'layers-')), registryUrl: mirror, mirrors })
const line = (name: string, digest = digestOf(name)) => `archive tool 1.2.3 sha256:${digest} ${upstream}${name}`

describe('a layer from an upstream archive', () => {
  it.each(['tool.tar.gz', 'tool.zip'])('has what %s has, its programs executable', async (name) => {
    const store = await openStore()
    const layer = await store.ensure(line(name), progress)
    expect(layer?.provider).toBe('tool 1.2.3')
    const root = path.join(
      await store.open(layer as NonNullable<typeof layer>, progress),
      'usr/local/hearth/tool-1.2.3',
    )
    expect(execFileSync(path.join(root, 'bin/tool')).toString()).toBe('ran\n')
    expect((await stat(path.join(root, 'notes'))).mode & 0o111).toBe(0)
    expect(await readdir(path.join(root, '../../../..'))).toEqual(['usr'])
  })

  it('is fetched once, and made again from its recipe', async () => {
    const store = await openStore()
    const before = requests
    const layer = await store.ensure(line('tool.zip'), progress)
    await store.ensure(line('tool.zip'), progress)
    expect(requests).toBe(before + 1)
    await store.collect([])
    await store.open(layer as NonNullable<typeof layer>, progress)
    expect(requests).toBe(before + 2)
  })

  it('that only builds use stays for two weeks after the last one', async () => {
    const store = await openStore()
    const layer = await store.ensure(line('tool.zip'), progress)
    if (!layer) throw new Error('no layer')
    const root = await store.open(layer, progress)
    await store.keepForBuilds(layer)
    expect(await store.collect([])).toBe(0)
    const long = new Date(Date.now() - buildUseMs - 60_000)
    await utimes(path.join(path.dirname(root), 'recipes', `${layer.digest}.use`), long, long)
    expect(await store.collect([])).toBeGreaterThan(0)
    await expect(stat(root)).rejects.toThrow(/ENOENT/)
  })

  it('is not used when it is not what was pinned', async () => {
    const store = await openStore()
    await expect(store.ensure(line('tool.zip', '0'.repeat(64)), progress)).rejects.toThrow(/has the digest .* not used/)
    await expect(store.ensure(line('missing.zip', '0'.repeat(64)), progress)).rejects.toThrow(/answered 404/)
  })

  it('can reach neither out of its folder nor the network that only this machine sees', async () => {
    const store = await openStore()
    await expect(store.ensure(line('evil.zip'), progress)).rejects.toThrow(/file with the name/)
    const plain = await openStore([])
    await expect(plain.ensure(line('tool.zip').replace(upstream, mirror), progress)).rejects.toThrow(/can't be had/)
  })
})

describe('mirrors', () => {
  it('are pairs of addresses, the longest counts', () => {
    const mirrors = parseMirrors('https://a.example/=https://m.example/a/ https://a.example/x/=http://10.0.0.1/x/')
    expect(applyMirrors('https://a.example/x/1', mirrors)).toEqual({ url: 'http://10.0.0.1/x/1', isMirrored: true })
    expect(applyMirrors('https://a.example/y', mirrors).url).toBe('https://m.example/a/y')
    expect(applyMirrors('https://b.example/y', mirrors)).toEqual({ url: 'https://b.example/y', isMirrored: false })
    expect(() => parseMirrors('https://a.example')).toThrow(/FROM=TO/)
  })
})

describe('the folder that all files of an archive share', () => {
  it.each([
    [['a/b/c', 'a/b/d'], 'a/b/'],
    [['a/b/c', 'a/bc'], 'a/'],
    [['a', 'b/c'], ''],
    [['m@v1/x'], 'm@v1/'],
  ])('of %j is %j', (names, shared) => {
    expect(findSharedFolder(names)).toBe(shared)
  })
})

describe('where the machine itself is the stack', () => {
  it('its own programs do instead of packages', async () => {
    let said = ''
    const store = await openStore()
    const watched = { ...progress, output: (text: string) => (said += text) }
    expect(await store.ensure('apt bash for bash sh', watched)).toBeNull()
    expect(said).toContain("this computer's own bash, sh")
  })

  it('says which programs it lacks, and what to install', async () => {
    const store = await openStore()
    const wanted = store.ensure('apt php-fpm for bash php-fpm-that-is-not-there', progress)
    await expect(wanted).rejects.toThrow(/needs php-fpm-that-is-not-there, .*sudo apt install php-fpm/)
    await expect(store.ensure('apt libvips42', progress)).rejects.toThrow(/needs more programs/)
  })
})
