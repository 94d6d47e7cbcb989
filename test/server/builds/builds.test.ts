import { readdir, readFile, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, type Server } from '../../servers/index.ts'
import { bootBuildServer, runDriver } from './build-on-server.ts'

let server: Server
let stackMs: number
beforeAll(async () => {
  server = await bootBuildServer()
  const started = performance.now()
  await runDriver(server, {})
  stackMs = performance.now() - started
})
afterAll(() => server?.destroy())

const appId = '11111111-2222-4333-8444-555555555555'

async function writeBuildpack(name: string, compile: string): Promise<string> {
  const folder = `/opt/${name}`
  await server.exec(['mkdir', '-p', `${folder}/bin`])
  await writeFile(server.path(`${folder}/bin/detect`), '#!/usr/bin/env bash\necho Shell\n', { mode: 0o755 })
  await writeFile(server.path(`${folder}/bin/layers`), '#!/usr/bin/env bash\n', { mode: 0o755 })
  await writeFile(server.path(`${folder}/bin/compile`), `#!/usr/bin/env bash\n${compile}\n`, { mode: 0o755 })
  return folder
}

describe('builds on a server', () => {
  it('has a stack of its own release, made from its own package sources', async () => {
    const [id = ''] = await readdir(server.path('/var/lib/hearth/stacks'))
    expect(id).toMatch(/^debian-12-[0-9a-f]{12}$/)
    expect(stackMs).toBeLessThan(90_000)
  })

  it('turns a Node.js app with dependencies into a slug that runs over stack and layer', async () => {
    const { built, tree, error } = await runDriver(server, { folder: '/opt/apps/node-express-like', appId })
    expect(error).toBeUndefined()
    expect(built).toMatchObject({ description: 'Node.js', stack: expect.stringMatching(/^debian-12-/) })
    expect(built?.layers).toEqual([{ provider: expect.stringMatching(/^node 24\./), digest: expect.any(String) }])
    const lowers = [tree?.appDirectory.replace(/\/app$/, ''), ...(tree?.layerDirectories ?? []), tree?.stackDirectory]
    const run = `mkdir -p /run/try && mount -t overlay -o lowerdir=${lowers.join(':')} try /run/try &&
      chroot /run/try bash -c 'cd /app; HOME=/app; . .profile.d/nodejs.sh; node -p "require(\\"express\\") && process.version"; id -u nobody'`
    const { stdout } = await server.exec(['unshare', '--mount', 'bash', '-c', run])
    expect(stdout).toMatch(/^v24\./)
  })

  it('rebuilds a changed file quickly', async () => {
    await writeFile(server.path('/opt/apps/node-express-like/lib/greet.js'), 'exports.greet = () => "changed"\n')
    const { built, tree, durationMs } = await runDriver(server, { folder: '/opt/apps/node-express-like', appId })
    expect(await readFile(server.path(`${tree?.appDirectory}/lib/greet.js`), 'utf8')).toContain('changed')
    expect(built?.processTypes.web).toBe('node server.js')
    console.log(`redeploy build: ${durationMs.toFixed(0)} ms`)
    expect(durationMs).toBeLessThan(5000)
  })

  it('compiles in /app as an unprivileged user that sees neither the server nor its processes', async () => {
    const pack = await writeBuildpack(
      'probe',
      `id -un; id -u; pwd; echo "in $1"; ls /; ls /var/lib/hearth 2>&1; ls -d /proc/[0-9]* | wc -l
       touch /usr/x 2>&1; cat /etc/shadow 2>&1; unshare --user true 2>&1; echo to-stdout >/dev/stdout
       "$HEARTH_NODE" -e 'fs.fsyncSync(fs.openSync("/dev/stdout", "w")); console.log("waited for no disk")'; echo "$HOME \${GREETING:-hidden}"`,
    )
    const vars = { GREETING: 'hello' }
    const job = { folder: '/opt/apps/node-hello', buildpacks: [pack], configVars: vars }
    const { output, error } = await runDriver(server, job)
    expect(error).toBeUndefined()
    expect(output).toMatch(/^build$/m)
    expect(output).toContain('in /app')
    expect(output).toMatch(/touch: cannot touch '\/usr\/x': Permission denied/)
    expect(output).toMatch(/unshare: .*not permitted/i)
    expect(output).toContain('to-stdout')
    // A pipe can't be flushed: the kernel was not asked.
    expect(output).toContain('waited for no disk')
    expect(output).toContain('/app hidden')
    expect(output).not.toContain('stacks')
  })

  it('ends a build that eats memory, and says so', async () => {
    const pack = await writeBuildpack('hog', `"$HEARTH_NODE" -e 'const k = []; for (;;) k.push(Buffer.alloc(2e7, 1))'`)
    const limits = { memoryBytes: 200 * 1024 * 1024 }
    const { error } = await runDriver(server, { folder: '/opt/apps/node-hello', buildpacks: [pack], limits })
    expect(error).toMatchObject({ id: 'build_failed', message: expect.stringMatching(/memory/) })
  })

  it('ends a build that makes processes without end, and says so', async () => {
    const pack = await writeBuildpack('bomb', 'bomb() { bomb | bomb & }; bomb; sleep 600')
    const job = { folder: '/opt/apps/node-hello', buildpacks: [pack], limits: { maximumTasks: 200 } }
    const { error } = await runDriver(server, job)
    expect(error).toMatchObject({ message: expect.stringMatching(/more than 200 processes and threads at once/) })
    await eventually(
      async () => (await server.exec(['pgrep', '-u', 'hearth-build'], { allowFailure: true })).exitCode === 1,
      30_000,
      'some of its processes live',
    )
  })

  it('ends a build that takes too long, or is cancelled, with all its processes', async () => {
    const pack = await writeBuildpack('slow', 'echo started; (sleep 7654 &); sleep 7654')
    const job = { folder: '/opt/apps/node-hello', buildpacks: [pack] }
    const slow = await runDriver(server, { ...job, limits: { timeoutMs: 2000 } })
    expect(slow.error?.message).toMatch(/longer than/)
    const cancelled = await runDriver(server, { ...job, cancelAt: 'started' })
    expect(cancelled.error?.id).toBe('gone')
    const { exitCode } = await server.exec(['pgrep', '-f', 'sleep 7654'], { allowFailure: true })
    expect(exitCode).toBe(1)
    expect(await readdir(server.path('/var/lib/hearth/builds'))).toEqual([])
    const { stdout } = await server.exec(['cat', '/proc/mounts'])
    expect(stdout).not.toContain('/var/lib/hearth/builds')
  })

  it('stops a build before it crosses the disk reserve', async () => {
    // The disk is this machine's own: what others write and free meanwhile must not matter beside what the build writes.
    const { stdout } = await server.exec(['df', '--output=avail', '-B1', '/var/lib/hearth'])
    const free = Number(stdout.split('\n')[1])
    const pack = await writeBuildpack('filler', 'head -c 1500M /dev/zero >"$1/big"; sleep 30')
    const limits = { diskReserveBytes: free - 300 * 1024 * 1024 }
    const { error } = await runDriver(server, { folder: '/opt/apps/node-hello', buildpacks: [pack], limits })
    expect(error).toMatchObject({ id: 'disk_full' })
  })

  it('has compilers for a buildpack that knows of no layers', async () => {
    const pack = await writeBuildpack(
      'compiler',
      'cd "$1" && echo "int main(){return 0;}" >x.c && make CC=gcc x && ./x && echo compiled',
    )
    await server.exec(['rm', `${pack}/bin/layers`])
    const { output, error, built } = await runDriver(server, { folder: '/opt/apps/node-hello', buildpacks: [pack] })
    expect(error).toBeUndefined()
    expect(output).toContain('compiled')
    expect(built?.layers).toEqual([])
  })
})
