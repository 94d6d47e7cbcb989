// Repositories on other machines, by the real git over a real sshd and a real https server.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { GitCheckouts } from '../../../../electron/core/git/git-checkouts.ts'
import { runChild } from '../../../../electron/exec/spawn.ts'
import { makeCertificate } from '../../../agent/drains/certificate.ts'
import { startSshd, type ThrowAwaySshd } from '../../../server/ssh/sshd.ts'

let home: string
let repository: string
let commit: string
let checkouts: GitCheckouts
beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'hearth-distant-'))
  repository = path.join(home, 'shop.git')
  const work = path.join(home, 'work')
  const git = (...parameters: string[]) =>
    execFileSync('git', parameters, { encoding: 'utf8', env: { ...process.env, ...settings() }, stdio: 'pipe' }).trim()
  await configure()
  git('init', '--quiet', '--bare', '--initial-branch=main', repository)
  git('clone', '--quiet', repository, work)
  await writeFile(path.join(work, 'server.js'), 'listen()')
  git('-C', work, 'add', '--all')
  git('-C', work, 'commit', '--quiet', '--message', 'Listen')
  git('-C', work, 'push', '--quiet', 'origin', 'HEAD:main')
  commit = git('-C', work, 'rev-parse', 'HEAD')
  checkouts = new GitCheckouts({
    directory: path.join(home, 'checkouts'),
    // Trust that this machine's environment has is stronger than the user's settings, and not theirs.
    run: (command, options = {}) =>
      runChild(command, { ...options, environment: { ...settings(), ...options.environment, GIT_SSL_CAINFO: null } }),
  })
})
afterAll(async () => {
  await checkouts.close()
  await rm(home, { recursive: true })
})

const settings = () => ({
  HOME: home,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: path.join(home, 'global'),
})

/** What the user has set for git; the way to other machines is theirs. */
async function configure(...lines: string[]): Promise<void> {
  const user = '[user]\n\tname = Ann\n\temail = ann@example.com\n'
  await writeFile(path.join(home, 'global'), user + lines.join('\n'))
}

async function expectCheckout(url: string): Promise<void> {
  expect(await checkouts.branches(url)).toMatchObject({ name: 'shop', defaultBranch: 'main', branches: [{ commit }] })
  const checkout = await checkouts.checkOut(url)
  expect(checkout).toMatchObject({ branch: 'main', commit, subject: 'Listen' })
  expect(await readFile(path.join(checkout.path, 'server.js'), 'utf8')).toBe('listen()')
}

describe('a repository over ssh', () => {
  let sshd: ThrowAwaySshd
  beforeAll(async () => {
    sshd = await startSshd()
  })
  afterAll(() => sshd?.close())

  const url = () => `ssh://${sshd.target.user}@127.0.0.1:${sshd.target.port}${repository}`
  const useKeys = async (knownHosts: string) => {
    await writeFile(path.join(home, 'known_hosts'), knownHosts)
    const options = [`-i ${path.join(sshd.folder, 'user')}`, `-o UserKnownHostsFile=${path.join(home, 'known_hosts')}`]
    await configure('[core]', `\tsshCommand = ssh -F /dev/null ${options.join(' ')}`)
  }

  test('is read with the key that ssh has, from a host that it knows', async () => {
    const { type, blob } = sshd.hostKey
    await useKeys(`[127.0.0.1]:${sshd.target.port} ${type} ${blob}\n`)
    await expectCheckout(url())
  })

  test('is not read from a host that nobody vouched for, and nobody is asked', async () => {
    await useKeys('')
    await expect(checkouts.branches(url())).rejects.toThrow(/Host key verification failed.*run git clone of it once/)
  })
})

describe('a repository over https', () => {
  const pair = makeCertificate()
  let server: Server
  beforeAll(async () => {
    server = createServer(pair, (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'https://127.0.0.1')
      if (pathname.startsWith('/private')) {
        response.writeHead(401, { 'www-authenticate': 'Basic realm="shop"' }).end()
        return
      }
      const backend = spawn('git', ['http-backend'], {
        env: {
          ...process.env,
          ...settings(),
          GIT_PROJECT_ROOT: home,
          GIT_HTTP_EXPORT_ALL: '1',
          PATH_INFO: pathname,
          QUERY_STRING: searchParams.toString(),
          REQUEST_METHOD: request.method,
          CONTENT_TYPE: request.headers['content-type'],
          HTTP_CONTENT_ENCODING: request.headers['content-encoding'],
          GIT_PROTOCOL: `${request.headers['git-protocol'] ?? ''}`,
          REMOTE_ADDR: '127.0.0.1',
        },
      })
      request.pipe(backend.stdin)
      // A CGI's answer: its own headers, an empty line, and bytes.
      const chunks: Buffer[] = []
      backend.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
      backend.once('close', () => {
        const answer = Buffer.concat(chunks)
        const end = answer.indexOf('\r\n\r\n')
        const head = answer.subarray(0, end).toString().split('\r\n')
        const headers = head.map((line) => line.split(': ') as [string, string]).filter(([name]) => name !== 'Status')
        const status = Number(/^Status: (\d+)/m.exec(head.join('\n'))?.[1] ?? 200)
        response.writeHead(status, Object.fromEntries(headers)).end(answer.subarray(end + 4))
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  const url = (name = 'shop') => `https://127.0.0.1:${(server.address() as AddressInfo).port}/${name}.git`
  const trust = async () => {
    await writeFile(path.join(home, 'ca.pem'), pair.cert)
    await configure('[http]', `\tsslCAInfo = ${path.join(home, 'ca.pem')}`)
  }

  test('is read where its certificate is trusted', async () => {
    await trust()
    await expectCheckout(url())
  })

  test('is not read where it is not', async () => {
    await configure()
    await expect(checkouts.branches(url())).rejects.toThrow(/git could not read https:.*certificate/)
  })

  test('that wants a password is named, and nobody is asked', async () => {
    await trust()
    await expect(checkouts.branches(url('private'))).rejects.toThrow(
      /git could not read https:.*run git clone of it once/,
    )
  })
})
