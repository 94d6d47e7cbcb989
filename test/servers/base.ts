import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { aptConfiguration } from './apt-sources.ts'
import { run } from './run.ts'
import { basesDir, cacheDir, locked, prepareStateDir } from './state.ts'
import { type Origin, originOf, type Suite } from './suites.ts'

/** What a fresh server has, not one thing more: Hearth's installer must fetch the rest itself. */
const packages = [
  ...['systemd', 'systemd-sysv', 'dbus', 'libpam-systemd', 'openssh-server', 'sudo'],
  ...['iproute2', 'procps', 'kmod', 'ca-certificates'],
]

interface Recipe extends Origin {
  suite: Suite
  aptConf: string
  /** Certificates that this machine trusts beyond the usual, because its way out may re-sign TLS. */
  certificates: { name: string; text: string }[]
}

/**
 * The read-only root filesystem of a suite, unpacked once for all servers. Made from the packed tarball in the user's
 * cache, which is made by mmdebstrap when there is none for this recipe. Returns the name of its folder under `bases`.
 */
export async function ensureBase(suite: Suite, say: (line: string) => void = () => undefined): Promise<string> {
  const recipe = await readRecipe(suite)
  const name = `${suite}-${digest(recipe)}`
  if (existsSync(join(basesDir, name))) return name
  await locked(`base-${name}`, async () => {
    const tarball = join(cacheDir, `${name}.tar.zst`)
    if (!existsSync(tarball)) {
      say(`building the ${suite} root filesystem (about half a minute, once)`)
      await build(recipe, tarball)
    }
    if (!existsSync(join(basesDir, name))) await unpack(tarball, join(basesDir, name))
  })
  return name
}

async function readRecipe(suite: Suite): Promise<Recipe> {
  const [origin, aptConf] = await Promise.all([originOf(suite), aptConfiguration()])
  const trustDir = '/usr/local/share/ca-certificates'
  const files = existsSync(trustDir) ? readdirSync(trustDir).filter((name) => name.endsWith('.crt')) : []
  const certificates = files.sort().map((name) => ({ name, text: readFileSync(join(trustDir, name), 'utf8') }))
  return { suite, ...origin, aptConf, certificates }
}

function digest(recipe: Recipe): string {
  const scripts = ['init.sh', 'customize.sh'].map((name) => readFileSync(script(name), 'utf8'))
  return createHash('sha256')
    .update(JSON.stringify([recipe, packages, scripts]))
    .digest('hex')
    .slice(0, 12)
}

const script = (name: string): string => join(import.meta.dirname, name)

async function build(recipe: Recipe, tarball: string): Promise<void> {
  prepareStateDir()
  const files = `${tarball}.files`
  rmSync(files, { recursive: true, force: true })
  mkdirSync(join(files, 'ca'), { recursive: true })
  copyFileSync(script('init.sh'), join(files, 'init.sh'))
  writeFileSync(join(files, 'apt.conf'), recipe.aptConf)
  for (const { name, text } of recipe.certificates) writeFileSync(join(files, 'ca', name), text)
  const unfinished = `${tarball}.tmp.tar.zst`
  // apt judges as a user of its own, who gets into nobody's home.
  const open = mkdtempSync(join(tmpdir(), 'hearth-keyring-'))
  chmodSync(open, 0o755)
  const keyring = join(open, 'keyring.gpg')
  try {
    if (recipe.keyring) copyFileSync(recipe.keyring, keyring)
    await run(
      [
        ...[
          'mmdebstrap',
          '--quiet',
          '--mode=root',
          '--variant=minbase',
          `--include=${[...packages, ...(recipe.packages ?? [])].join(',')}`,
        ],
        `--customize-hook=FILES='${files}' sh '${script('customize.sh')}' "$1"`,
        ...(recipe.keyring ? [`--keyring=${keyring}`] : []),
        ...[recipe.suite, unfinished],
        ...(recipe.sources.length > 0 ? ['-'] : []),
      ],
      { input: `${recipe.sources.join('\n')}\n` },
    )
    renameSync(unfinished, tarball)
  } finally {
    for (const folder of [files, open]) rmSync(folder, { recursive: true, force: true })
    rmSync(unfinished, { force: true })
  }
}

async function unpack(tarball: string, dir: string): Promise<void> {
  const unfinished = `${dir}.tmp`
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { recursive: true, mode: 0o755 })
  const keep = ['--numeric-owner', '--xattrs', '--xattrs-include=*', '--exclude=./dev/*']
  await run(['tar', '--extract', '--zstd', ...keep, '--directory', unfinished, '--file', tarball])
  renameSync(unfinished, dir)
}
