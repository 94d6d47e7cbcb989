import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { ubuntuMirror } from '../../servers/suites.ts'
import { bootBuildServer, runDriver } from './build-on-server.ts'

const appId = '44444444-2222-4333-8444-555555555555'

it('two stacks stand side by side, each made once, with layers of its own, and an unused one is removed', async () => {
  await using server = await bootBuildServer()
  const build = (stack: string) => runDriver(server, { folder: '/opt/apps/node-hello', appId, stack })
  const list = () => readdir(server.path('/var/lib/hearth/stacks'))
  const old = await build('debian-12')
  expect(old.error).toBeUndefined()
  const young = await build('debian-13')
  expect(young.error, young.output).toBeUndefined()
  expect(young.output).toContain('-----> Making the debian-13 stack\n')
  expect(young.output).toContain('-----> Building on the debian-13 stack\n')
  expect(young.built?.stack).toMatch(/^debian-13-[0-9a-f]{12}$/)
  expect(young.tree?.stackDirectory).toContain(young.built?.stack)
  const release = (directory = '') => server.exec(['cat', `${directory}/etc/os-release`])
  expect((await release(young.tree?.stackDirectory ?? '')).stdout).toContain('VERSION_CODENAME=trixie')
  // The same Node over each, but not the same layer: what it is compiled against is not the same.
  expect(young.built?.layers.map(({ provider }) => provider)).toEqual(old.built?.layers.map(({ provider }) => provider))
  expect(young.built?.layers[0]?.digest).not.toBe(old.built?.layers[0]?.digest)
  expect((await build('debian-13')).output).not.toContain('Making the')
  const back = await build('debian-12')
  expect(back.built?.checksum).toBe(old.built?.checksum)
  expect(back.tree?.stackDirectory).toContain(old.built?.stack)
  expect((await list()).sort()).toEqual([old.built?.stack, young.built?.stack])
  const none = await build('ubuntu-24.04')
  expect(none.error).toEqual({
    id: 'unavailable',
    message: 'There is no stack ubuntu-24.04 on this server, only debian-12, debian-13.',
  })
  await server.exec(['sed', '-i', 's/http[^ ]*/http:\\/\\/127.0.0.1:9\\/nowhere/', '/etc/apt/sources.list'])
  await runDriver(server, { keep: old.built ? [old.built] : [] })
  expect(await list()).toEqual([old.built?.stack])
  const offline = await build('debian-13')
  expect(offline.error?.message).toMatch(/^The stack debian-13 could not be made: .*apt-get update/s)
  expect(await list()).toEqual([old.built?.stack])
}, 900_000)

it('a stack of another distribution is made from the archive that is named for it, and passes for Heroku’s', async () => {
  await using server = await bootBuildServer()
  const pack = server.path('/opt/packs/stack')
  await mkdir(`${pack}/bin`, { recursive: true })
  const scripts = {
    detect: 'echo Stack',
    compile:
      'echo "$STACK" >"$1/stack"; . /etc/os-release; echo "$VERSION_CODENAME" >"$1/codename"; gcc --version >"$1/gcc"',
    release: 'echo "default_process_types: {web: sleep 1000}"',
  }
  for (const [name, text] of Object.entries(scripts)) {
    await writeFile(`${pack}/bin/${name}`, `#!/usr/bin/env bash\n${text}\n`, { mode: 0o755 })
  }
  const { output, error, tree } = await runDriver(server, {
    folder: '/opt/apps/node-hello',
    buildpacks: ['/opt/packs/stack'],
    stack: 'ubuntu-24.04',
    archives: { 'ubuntu-24.04': ubuntuMirror() },
  })
  expect(error, output).toBeUndefined()
  const read = (name: string) => readFile(server.path(`${tree?.appDirectory}/${name}`), 'utf8')
  expect([await read('stack'), await read('codename')]).toEqual(['heroku-24\n', 'noble\n'])
  expect(await read('gcc')).toContain('Ubuntu')
}, 900_000)
