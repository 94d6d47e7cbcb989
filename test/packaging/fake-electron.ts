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

export async function makeFakeElectron(folder: string, system: 'linux' | 'win' = 'linux'): Promise<void> {
  const wire = Buffer.concat([
    Buffer.from(sentinel),
    Buffer.from([1, fuseNames.length]),
    // As Electron comes: what is on is on.
    Buffer.from('10110001'),
  ])
  await mkdir(path.join(folder, 'resources'), { recursive: true })
  await mkdir(path.join(folder, 'locales'))
  const program = path.join(folder, system === 'win' ? 'electron.exe' : 'electron')
  const content = system === 'win' ? makeWindowsProgram() : Buffer.from('not a program')
  await writeFile(program, Buffer.concat([content, wire, Buffer.from('end')]))
  await chmod(program, 0o755)
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'version', 'chrome-sandbox', 'locales/en-US.pak'])
    await writeFile(path.join(folder, name), name)
  const source = path.join(folder, 'default_app')
  await mkdir(source)
  await writeFile(path.join(source, 'main.js'), '')
  const asar = requirePackaging('@electron/asar')
  await asar.createPackage(source, path.join(folder, 'resources/default_app.asar'))
}

/** Without code, but with what electron-builder writes into: resources, among them the version. */
function makeWindowsProgram(): Buffer {
  const { NtExecutable, NtExecutableResource, Resource } = requirePackaging('resedit')
  const program = NtExecutable.createEmpty(false, false)
  const resources = NtExecutableResource.from(program)
  const version = Resource.VersionInfo.createEmpty()
  version.setStringValues({ lang: 1033, codepage: 1200 }, { ProductName: 'Electron' })
  version.outputToResourceEntries(resources.entries)
  resources.outputResource(program)
  return Buffer.from(program.generate())
}

/** One of the packages that packaging/ has for itself. */
export function requirePackaging(name: string) {
  return createRequire(path.join(root, 'packaging/package.json'))(name)
}

/** Which fuses are on in a program. */
export function readFuses(program: Buffer): Record<string, boolean> {
  const start = program.indexOf(sentinel) + sentinel.length + 2
  return Object.fromEntries(fuseNames.map((name, at) => [name, program[start + at] === '1'.charCodeAt(0)]))
}
