/**
 * What every dyno of the app sources before its command. The runtime lies over the stack below /usr/local/hearth, or, where
 * the machine itself is the stack, below each of HEARTH_LAYERS.
 */
export function renderProfile(folders: readonly string[]): string {
  return `# Written by the Node.js buildpack.
hearth_add_runtime() {
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
export PATH=$PATH:$HOME/node_modules/.bin
export NODE_ENV=\${NODE_ENV:-production}
if [ -z "\${MEMORY_AVAILABLE:-}" ]; then
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
if [ -z "\${WEB_CONCURRENCY:-}" ]; then
  export WEB_MEMORY=\${WEB_MEMORY:-512}
  WEB_CONCURRENCY=$((\${MEMORY_AVAILABLE:-512} / WEB_MEMORY))
  if [ "$WEB_CONCURRENCY" -lt 1 ]; then WEB_CONCURRENCY=1; fi
  export WEB_CONCURRENCY
fi
`
}

/** For the next buildpack's compile. */
export function renderExport(binDirectories: readonly string[]): string {
  return `export PATH=${binDirectories.map(quote).join(':')}:$PATH:$HOME/node_modules/.bin\n`
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
