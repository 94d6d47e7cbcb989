// The lifecycle of Cloud Native Buildpacks, built of its own source as the Go module proxy has it, once per machine.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { cacheDir } from '../../servers/state.ts'

const version = '0.20.11'

/** Its two programs. */
export function buildLifecycle(): { version: string; lifecycle: Buffer; launcher: Buffer } {
  const kept = path.join(path.dirname(cacheDir), `lifecycle-${version}`)
  const read = (name: string) => readFileSync(path.join(kept, name))
  try {
    return { version, lifecycle: read('lifecycle'), launcher: read('launcher') }
  } catch {
    compile(kept)
    return { version, lifecycle: read('lifecycle'), launcher: read('launcher') }
  }
}

function compile(target: string): void {
  const place = mkdtempSync(path.join(tmpdir(), 'hearth-lifecycle-'))
  try {
    const module = `github.com/buildpacks/lifecycle@v${version}`
    const told = execFileSync('go', ['mod', 'download', '-json', module], { cwd: place, encoding: 'utf8' })
    const source = path.join(place, 'source')
    cpSync((JSON.parse(told) as { Dir: string }).Dir, source, { recursive: true })
    execFileSync('chmod', ['--recursive', 'u+w', source])
    const flags = `-s -w -X github.com/buildpacks/lifecycle/cmd.Version=${version}`
    for (const name of ['lifecycle', 'launcher'])
      execFileSync('go', ['build', '-ldflags', flags, '-o', path.join(place, 'made', name), `./cmd/${name}`], {
        cwd: source,
        env: { ...process.env, CGO_ENABLED: '0' },
        stdio: ['ignore', 'inherit', 'inherit'],
      })
    mkdirSync(path.dirname(target), { recursive: true })
    rmSync(target, { recursive: true, force: true })
    renameSync(path.join(place, 'made'), target)
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}
