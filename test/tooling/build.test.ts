import { spawnSync } from 'node:child_process'
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { bundleForServer, digestSources } from '../../esbuild.config.ts'
import { root } from './repository.ts'

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'hearth-build-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Bundles a program into a folder of its own, as on a server: with nothing around it. */
async function bundle(code: string): Promise<{ folder: string; run: () => string }> {
  const folder = await makeFolder()
  const entry = path.join(folder, 'entry.ts')
  const outfile = path.join(folder, 'bundle.mjs')
  await writeFile(entry, code)
  await bundleForServer(entry, outfile)
  await rm(entry)
  const run = () => {
    const { stdout, stderr } = spawnSync(process.execPath, [outfile], { cwd: folder, encoding: 'utf8' })
    return stdout + stderr
  }
  return { folder, run }
}

test('the digest of the agent is the same for the same sources, and can be asked for', () => {
  const { stdout } = spawnSync(process.execPath, ['esbuild.config.ts', '--digest'], { cwd: root, encoding: 'utf8' })
  expect(stdout.trim()).toBe(digestSources('agent'))
  expect(stdout).toMatch(/^[0-9a-f]{64}\n$/)
})

test('each part has a digest of its own', () => {
  expect(new Set([digestSources('agent'), digestSources('core'), digestSources('renderer')]).size).toBe(3)
})

test('a bundle opens a terminal with the native half that lies beside it', async () => {
  const pty = JSON.stringify(path.join(root, 'agent/exec/pty.ts'))
  const { folder, run } = await bundle(`
    import { openPty } from ${pty}
    const pair = openPty({ columns: 80, rows: 24 })
    console.log(pair.slavePath)
    pair.destroy()
  `)
  expect(run()).toContain('pty.node')
  const native = path.join(root, `node_modules/@lydell/node-pty-${process.platform}-${process.arch}/pty.node`)
  await copyFile(native, path.join(folder, 'pty.node'))
  expect(run()).toMatch(/^\/dev\/.+\n$/)
})

test('packages written as CommonJS run in a bundle, beside modules that make a require of their own', async () => {
  const packages = ['@particle/dbus-next', 'ssh2'].map((name) => JSON.stringify(path.join(root, 'node_modules', name)))
  const { run } = await bundle(`
    import { createRequire } from 'node:module'
    import dbus from ${packages[0]}
    import ssh2 from ${packages[1]}
    const require = createRequire(import.meta.url)
    console.log(typeof dbus.systemBus, typeof ssh2.Client, typeof require('node:fs').readFileSync)
    process.exit(0)
  `)
  expect(run()).toBe('function function function\n')
})
