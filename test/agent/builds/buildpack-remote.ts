import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { type Header, pack } from 'tar-stream'
import { runCommand } from '../../../agent/exec/command.ts'

type Entry = Partial<Header> & { name: string; content?: string }

export interface BuildpackRemote extends AsyncDisposable {
  /** `http://192.0.2.1:1234` */
  readonly url: string
  /** The lines that were asked for: `GET /pack.git/info/refs?service=git-upload-pack`. */
  readonly requests: readonly string[]
  /** Commits a buildpack whose compile writes `compiled-by` with that text; returns the commit. */
  commit(text: string, branch?: string): Promise<string>
  tag(name: string): Promise<void>
  /** Serves an archive under that path. */
  offer(place: string, entries: Iterable<Entry>): void
}

/** The scripts of a buildpack that leaves a text in the app. */
export const scriptsOf = (text: string) => ({
  'bin/detect': '#!/bin/sh\necho Remote\n',
  'bin/compile': `#!/bin/sh\necho ${text} >"$1/compiled-by"\n`,
  'bin/report': '#!/bin/sh\necho "compiled_by: $(cat "$1/compiled-by")"\n',
  'bin/release': '#!/bin/sh\necho "default_process_types: {web: sleep 1000}"\n',
})

/**
 * A place in the network that buildpacks come from. `/pack.git` speaks git's own protocol over HTTP, `/plain/pack.git` serves the
 * same repository's files as they lie on a disk, `/elsewhere?to=URL` redirects, `/endless.tgz` never ends, other paths are archives.
 */
export async function openBuildpackRemote(host = '127.0.0.1'): Promise<BuildpackRemote> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'hearth-remote-'))
  const repository = path.join(directory, 'pack.git')
  const work = path.join(directory, 'work')
  const git = async (...parameters: string[]) =>
    (await runCommand(['git', '-C', work, ...identity, ...parameters])).stdout.trim()
  await mkdir(work)
  await git('init', '--quiet', '--initial-branch=main')
  const archives = new Map<string, Entry[]>()
  const requests: string[] = []
  const server = http.createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    answer(request, response, { directory, archives }).catch(() => response.destroy())
  })
  await once(server.listen(0, host), 'listening')
  const publish = async () => {
    await rm(repository, { recursive: true, force: true })
    await git('clone', '--quiet', '--bare', work, repository)
    await runCommand(['git', '-C', repository, 'update-server-info'])
  }
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    requests,
    async commit(text, branch = 'main') {
      if (branch !== 'main') await git('checkout', '--quiet', '-b', branch)
      for (const [name, script] of Object.entries(scriptsOf(text))) await writeScript(path.join(work, name), script)
      await git('add', '.')
      await git('commit', '--quiet', '-m', text)
      const commit = await git('rev-parse', 'HEAD')
      if (branch !== 'main') await git('checkout', '--quiet', 'main')
      await publish()
      return commit
    },
    async tag(name) {
      await git('tag', name)
      await publish()
    },
    offer: (place, entries) => void archives.set(place, [...entries]),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(directory, { recursive: true, force: true })
    },
  }
}

const identity = ['-c', 'user.name=t', '-c', 'user.email=t@t']

async function writeScript(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, text)
  await chmod(file, 0o755)
}

interface Shelf {
  readonly directory: string
  readonly archives: ReadonlyMap<string, readonly Entry[]>
}

async function answer(request: IncomingMessage, response: ServerResponse, shelf: Shelf): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://here')
  const entries = shelf.archives.get(pathname)
  if (entries) return sendArchive(response, entries)
  if (pathname === '/endless.tgz') return sendEndless(response)
  const to = searchParams.get('to')
  if (to !== null) return void response.writeHead(302, { location: to }).end()
  if (pathname.startsWith('/pack.git/')) return runBackend(request, response, shelf.directory)
  const file = path.join(shelf.directory, pathname.replace(/^\/plain/, ''))
  if (pathname.startsWith('/plain/') && (await stat(file).catch(() => null))?.isFile())
    return pipeline(createReadStream(file), response)
  response.writeHead(404).end()
}

async function sendArchive(response: ServerResponse, entries: readonly Entry[]): Promise<void> {
  const archive = pack()
  for (const { content, ...header } of entries) archive.entry({ mode: 0o755, ...header }, content ?? '')
  archive.finalize()
  await pipeline(archive, createGzip(), response)
}

/** Small on the wire, without end on a disk. */
function sendEndless(response: ServerResponse): void {
  const archive = pack()
  const zeros = Buffer.alloc(1024 * 1024)
  const entry = archive.entry({ name: 'bin/compile', size: 64 * 1024 ** 3 })
  const more = () => {
    while (!response.destroyed && entry.write(zeros));
  }
  entry.on('drain', more)
  more()
  archive.pipe(createGzip()).pipe(response)
}

/** CGI, as git-http-backend(1) wants it. */
async function runBackend(request: IncomingMessage, response: ServerResponse, directory: string): Promise<void> {
  const { pathname, search } = new URL(request.url ?? '/', 'http://here')
  const child = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: directory,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
      REQUEST_METHOD: request.method,
      PATH_INFO: pathname,
      QUERY_STRING: search.slice(1),
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      ...(request.headers['git-protocol'] ? { GIT_PROTOCOL: String(request.headers['git-protocol']) } : {}),
      ...(request.headers['content-encoding'] ? { HTTP_CONTENT_ENCODING: request.headers['content-encoding'] } : {}),
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  request.pipe(child.stdin)
  child.stdin.on('error', () => {})
  const chunks: Buffer[] = []
  for await (const chunk of child.stdout) chunks.push(chunk)
  const all = Buffer.concat(chunks)
  const end = all.indexOf('\r\n\r\n')
  for (const line of all.toString('latin1', 0, end).split('\r\n')) {
    const [, name = '', value = ''] = /^([^:]+):\s*(.*)$/.exec(line) ?? []
    if (name === 'Status') response.statusCode = Number.parseInt(value, 10)
    else response.setHeader(name, value)
  }
  response.end(all.subarray(end + 4))
}
