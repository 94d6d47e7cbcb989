import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { runCommand, startCommand } from '../../../agent/exec/command.ts'
import { scriptsOf } from '../../agent/builds/buildpack-remote.ts'
import type { Server } from '../../servers/index.ts'
import { bridge } from '../../servers/network.ts'

/** An Internet of IPv6 alone, in a network namespace of its own on the servers' bridge. */
export interface Ipv6Internet extends AsyncDisposable {
  /** Far away: only a router leads there. A git server listens on it, and on the neighbour too. */
  readonly far: string
  /** The server's router, on its own link. */
  readonly neighbour: string
  readonly port: number
  /** A buildpack there. */
  readonly buildpack: string
  /** Takes the server's way to IPv4 and gives it this one; returns the server's address. */
  connect(server: Server): Promise<string>
}

const [neighbour, far, own] = ['2001:db8:77::1', '2001:db8:88::1', '2001:db8:77::2']
const port = 9418

export async function openIpv6Internet(): Promise<Ipv6Internet> {
  const name = `hearth-test-six-${process.pid}`
  const link = `six${process.pid}`.slice(0, 15)
  const directory = await mkdtemp(path.join(tmpdir(), 'hearth-six-'))
  await using made = new AsyncDisposableStack()
  made.defer(() => rm(directory, { recursive: true, force: true }))
  await writeRepository(directory)
  await runCommand(['ip', 'netns', 'add', name])
  made.defer(async () => void (await runCommand(['ip', 'netns', 'delete', name])))
  await runCommand(['ip', 'link', 'add', link, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name])
  await runCommand(['ip', 'link', 'set', link, 'master', bridge, 'up'])
  const inside = [
    'link set lo up',
    'link set eth0 up',
    `addr add ${neighbour}/64 dev eth0 nodad`,
    `addr add ${far}/128 dev lo`,
  ]
  await runCommand(['ip', '-n', name, '-batch', '-'], { input: `${inside.join('\n')}\n` })
  const git = ['git', 'daemon', '--export-all', '--reuseaddr', '--listen=::', `--port=${port}`] as const
  const daemon = await startCommand(['ip', 'netns', 'exec', name, ...git, `--base-path=${directory}`, directory], {
    stdio: ['ignore', 'ignore', 'ignore'],
  })
  made.defer(async () => {
    daemon.kill('SIGKILL')
    await daemon.exit
  })
  const owned = made.move()
  return {
    far,
    neighbour,
    port,
    buildpack: `git://[${far}]/pack`,
    async connect(server) {
      const commands = [
        `addr add ${own}/64 dev eth0 nodad`,
        `route add default via ${neighbour}`,
        'route delete default',
      ]
      for (const command of commands)
        await server.exec(['ip', ...(command.includes(':') ? ['-6'] : ['-4']), ...command.split(' ')])
      return own
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** A buildpack that needs nothing else. */
async function writeRepository(directory: string): Promise<void> {
  const work = path.join(directory, 'pack')
  await mkdir(path.join(work, 'bin'), { recursive: true })
  for (const [name, text] of Object.entries({ ...scriptsOf('six'), 'bin/layers': '#!/bin/sh\n' }))
    await writeFile(path.join(work, name), text, { mode: 0o755 })
  const git = (...parameters: string[]) =>
    runCommand(['git', '-C', work, '-c', 'user.name=t', '-c', 'user.email=t@t', ...parameters])
  await git('init', '--quiet', '--initial-branch=main')
  await git('add', '.')
  await git('commit', '--quiet', '-m', 'six')
}
