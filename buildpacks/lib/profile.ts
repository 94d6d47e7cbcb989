import { mkdir, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { findBinDirectories, findRuntimes } from './runtime.ts'

/**
 * Puts runtime layers on a dyno's PATH, the last of `folders` first. They lie over the stack below /usr/local/hearth, or, where
 * the machine itself is the stack, below each of HEARTH_LAYERS.
 */
export function renderRuntimes(folders: readonly string[]): string {
  if (folders.length === 0) return ''
  return `hearth_add_runtime() {
  local roots root folder
  IFS=: read -ra roots <<<"\${HEARTH_LAYERS:-}"
  for folder in ${folders.join(' ')}; do
    for root in '' "\${roots[@]}"; do
      if [ -d "$root/usr/local/hearth/$folder/bin" ]; then
        PATH=$root/usr/local/hearth/$folder/bin:$PATH
        break
      fi
    done
  done
}
hearth_add_runtime
unset -f hearth_add_runtime
`
}

/** The dyno's memory in megabytes as MEMORY_AVAILABLE, from its own limit. Unset where there is no real one. */
export const memoryProfile = `if [ -z "\${MEMORY_AVAILABLE:-}" ]; then
  # The dyno's own limit: cgroup version 2, then 1; what is no real limit is left out.
  for hearth_file in /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes; do
    hearth_bytes=$(cat "$hearth_file" 2>/dev/null)
    if [[ $hearth_bytes =~ ^[0-9]{1,13}$ ]]; then
      export MEMORY_AVAILABLE=$((hearth_bytes / 1048576))
      break
    fi
  done
  unset hearth_file hearth_bytes
fi
`

/** WEB_CONCURRENCY, how many processes a web dyno has, from its memory; `most` is a shell number that it never exceeds. */
export function renderConcurrency(megabytesEach: string, most?: string): string {
  const bound = most ? `  if [ "$WEB_CONCURRENCY" -gt ${most} ]; then WEB_CONCURRENCY=${most}; fi\n` : ''
  return `${memoryProfile}if [ -z "\${WEB_CONCURRENCY:-}" ]; then
  WEB_CONCURRENCY=$((\${MEMORY_AVAILABLE:-512} / ${megabytesEach}))
${bound}  if [ "$WEB_CONCURRENCY" -lt 1 ]; then WEB_CONCURRENCY=1; fi
  export WEB_CONCURRENCY
fi
`
}

/** What every dyno of the app sources before its command. Sorted by name among those of other buildpacks. */
export async function writeProfile(app: string, name: string, text: string): Promise<void> {
  const directory = path.join(app, '.profile.d')
  await mkdir(directory, { recursive: true })
  // The first on PATH must be added last.
  const runtimes = renderRuntimes(findRuntimes().reverse())
  await writeFile(path.join(directory, `${name}.sh`), `# Written by Hearth's buildpack ${name}.\n${runtimes}${text}`)
}

/** For the next buildpack's compile: our runtimes, then what else is on the PATH, both as shell text that may hold $HOME. */
export async function writeExport(afterPath = '', more = ''): Promise<void> {
  const file = path.join(import.meta.dirname, 'export')
  const ours = findBinDirectories().map((directory) => `${quote(directory)}:`)
  await writeFile(`${file}.new`, `export PATH=${ours.join('')}$PATH${afterPath && `:${afterPath}`}\n${more}`)
  await rename(`${file}.new`, file)
}

/** For one word of a shell. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
