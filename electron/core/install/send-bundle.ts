import { createReadStream } from 'node:fs'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import tar from 'tar-stream'
import { type AgentBundle, type BundleFile, renderChecksums } from './bundle.ts'
import { layout } from './layout.ts'
import type { RootShell } from './root-shell.ts'

/**
 * Puts a version's files on the server under a name of their own, checked, and only then under the real one. What is
 * there already and whole is not sent again, nor is a Node that another version brought.
 */
export async function sendBundle(
  shell: RootShell,
  bundle: AgentBundle,
  onProgress: (done: number, total: number) => void,
): Promise<'sent' | 'present'> {
  const target = `${layout.versions}/${bundle.version}`
  if (await isWhole(shell, bundle, target)) return 'present'
  const partial = `${layout.versions}/.${bundle.version}.partial`
  await shell.script('make a folder for the agent', 'rm -rf -- "$1"; mkdir -p -m 755 -- "$1"', [partial])
  const node = bundle.files.find(({ path }) => path === 'node')
  const hasNode = node !== undefined && (await linkPresentNode(shell, node, partial))
  const files = bundle.files.filter((file) => !(hasNode && file === node))
  const unpack = 'cd -- "$1" && gzip -d | tar -x --no-same-owner -p'
  await shell.script('unpack the agent', unpack, [partial], { input: packFiles(files, onProgress) })
  await shell.script(
    'verify what was sent',
    'cd -- "$1"; sha256sum --check --quiet --strict -; chown -R root:root .; chmod 755 .; sync -f .',
    [partial],
    { input: renderChecksums(bundle.files) },
  )
  await shell.script('put the agent in place', 'rm -rf -- "$2"; mv -T -- "$1" "$2"', [partial, target])
  return 'sent'
}

async function isWhole(shell: RootShell, { files }: AgentBundle, folder: string): Promise<boolean> {
  const { status } = await shell.script(
    'look for the agent',
    'cd -- "$1" 2>/dev/null || exit 1; sha256sum --check --status --strict - || exit 1',
    [folder],
    { input: renderChecksums(files), expected: [1] },
  )
  return status === 0
}

/** A Node is the largest part by far and seldom changes: another version's is linked. */
async function linkPresentNode(shell: RootShell, node: BundleFile, folder: string): Promise<boolean> {
  const text = `for file in ${layout.versions}/*/node; do
    [ -f "$file" ] || continue
    if [ "$(sha256sum < "$file" | cut -d ' ' -f 1)" = "$1" ]; then ln -- "$file" "$2/node"; exit 0; fi
  done
  exit 1`
  const { status } = await shell.script('look for Node', text, [node.sha256, folder], { expected: [1] })
  return status === 0
}

/** A gzipped tar, made while it is sent. Light compression: a fast network is faster than a thorough one. */
function packFiles(files: readonly BundleFile[], onProgress: (done: number, total: number) => void): Readable {
  const pack = tar.pack()
  const gzip = createGzip({ level: 1 })
  const total = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  let done = 0
  const add = async ({ path, source, sizeBytes, isExecutable }: BundleFile) => {
    const entry = pack.entry({ name: path, size: sizeBytes, mode: isExecutable ? 0o755 : 0o644, mtime: new Date(0) })
    const count = new Transform({
      transform(chunk: Buffer, _, next) {
        done += chunk.length
        onProgress(done, total)
        next(null, chunk)
      },
    })
    await pipeline(createReadStream(source), count, entry)
  }
  const addAll = async () => {
    for (const file of files) await add(file)
    pack.finalize()
  }
  addAll().catch((error: Error) => gzip.destroy(error))
  pipeline(Readable.from(pack as AsyncIterable<Buffer>), gzip).catch(() => {})
  return gzip
}
