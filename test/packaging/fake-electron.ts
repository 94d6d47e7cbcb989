// An Electron that can't run but can be packaged: the files that its archive has, and the place for the fuses.
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { root } from '../tooling/repository.ts'

/** Marks the fuses in Electron's program; behind it their version, their number and one letter each. */
const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
const fuseNames = [
  'runAsNode',
  'enableCookieEncryption',
  'enableNodeOptionsEnvironmentVariable',
  'enableNodeCliInspectArguments',
  'enableEmbeddedAsarIntegrityValidation',
  'onlyLoadAppFromAsar',
  'loadBrowserProcessSpecificV8Snapshot',
  'grantFileProtocolExtraPrivileges',
] as const

export async function makeFakeElectron(folder: string): Promise<void> {
  const wire = Buffer.concat([
    Buffer.from(sentinel),
    Buffer.from([1, fuseNames.length]),
    // As Electron comes: what is on is on.
    Buffer.from('10110001'),
  ])
  await mkdir(path.join(folder, 'resources'), { recursive: true })
  await mkdir(path.join(folder, 'locales'))
  await writeFile(
    path.join(folder, 'electron'),
    Buffer.concat([Buffer.from('not a program'), wire, Buffer.from('end')]),
  )
  await chmod(path.join(folder, 'electron'), 0o755)
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'version', 'chrome-sandbox', 'locales/en-US.pak'])
    await writeFile(path.join(folder, name), name)
  const source = path.join(folder, 'default_app')
  await mkdir(source)
  await writeFile(path.join(source, 'main.js'), '')
  const asar = createRequire(path.join(root, 'packaging/package.json'))('@electron/asar')
  await asar.createPackage(source, path.join(folder, 'resources/default_app.asar'))
}

/** Which fuses are on in a program. */
export function readFuses(program: Buffer): Record<string, boolean> {
  const start = program.indexOf(sentinel) + sentinel.length + 2
  return Object.fromEntries(fuseNames.map((name, at) => [name, program[start + at] === '1'.charCodeAt(0)]))
}
