import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../../servers/index.ts'
import { bootHearthServer, fixture, type HearthServer } from '../hearth-server.ts'
import { readLog } from './run-in-app.ts'

/** Found anywhere it is a leak; the parts tell who encoded it. */
const secret = 'hush-5b1f9c27e4'
const encoded = [secret, Buffer.from(secret).toString('base64').slice(0, 18), Buffer.from(secret).toString('hex')]

let hearth: HearthServer
let folder: string
beforeAll(async () => {
  hearth = await bootHearthServer()
  folder = await mkdtemp(path.join(tmpdir(), 'hearth-secrets-'))
  await cp(fixture('node-hello'), folder, { recursive: true })
  const { desktop } = hearth
  await desktop.deploy('keeper', folder)
  await desktop.calls['configVars.update']({ ...desktop.of('keeper'), update: { TOKEN: secret } })
})
afterAll(async () => {
  await hearth?.[Symbol.asyncDispose]()
  if (folder) await rm(folder, { recursive: true })
})

const onServer = async (script: string) =>
  (await hearth.server.exec(['sh', '-c', script], { allowFailure: true })).stdout.trim()
const expectNone = (text: string) => {
  for (const one of encoded) expect(text).not.toContain(one)
}

describe('the value of a config var', () => {
  test('reaches the dyno, so that the rest of this file means something', async () => {
    const find = () => onServer(`grep -laF ${secret} /proc/[0-9]*/environ 2>/dev/null`)
    await eventually(async () => (await find()) !== '', 30_000, 'no dyno has it')
  })

  test('is in no property of a unit, no command line, no journal', async () => {
    expectNone(await onServer("systemctl show '*' --all; systemctl cat 'hearth-*'"))
    expectNone(await onServer('cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\\0" " "'))
    expectNone(await onServer('journalctl --no-pager -o verbose 2>/dev/null; cat /var/log/*.log 2>/dev/null'))
  })

  test('is in no file but the environment of the dyno, which is its owner only to read', async () => {
    const places = '/etc /var /run /home /root /tmp /usr/lib/hearth'
    const found = await onServer(`grep -rlaF --devices=skip ${secret} ${places} 2>/dev/null`)
    const files = found.split('\n').filter(Boolean)
    for (const file of files) expect(file).toMatch(/^\/run\/hearth\/dynos\/[^/]+\/environment$/)
    expect(files.length).toBeGreaterThan(0)
    expect(await onServer(`stat -c '%a %u' ${files.join(' ')} | sort -u`)).toBe('600 0')
  })

  test('is not in the state in clear, nor in what a desktop keeps', async () => {
    expect(await onServer(`cat /var/lib/hearth/state.db* | grep -acF ${secret}`)).toBe('0')
    const found = await hearth.desktop.calls['ledger.list']({})
    expectNone(JSON.stringify(found))
    expectNone(hearth.desktop.problems.join('\n'))
  })

  test('is in no log line and no message of a build that fails', async () => {
    const { desktop } = hearth
    await writeFile(
      path.join(folder, 'package.json'),
      await readFile(path.join(fixture('node-failing-build'), 'package.json'), 'utf8'),
    )
    const failed = await desktop.tryDeploy('keeper', folder)
    expect(failed.state).toBe('failed')
    expectNone(`${failed.error}\n${failed.output}`)
    await expect(
      desktop.calls['configVars.update']({ ...desktop.of('keeper'), update: { 'NOT A NAME': secret } }),
    ).rejects.toSatisfy((error: Error) => !`${error.message} ${error.stack}`.includes(secret))
    expectNone(await readLog(desktop, 'keeper'))
    expectNone(await onServer('journalctl --no-pager -o verbose -u hearth-agent -u hearth-router'))
    expect(await onServer('ls /var/lib/hearth/builds')).toBe('')
  })

  // The last one here: it writes the secret into the journal.
  test('is in none of the diagnostics, even where somebody has written it into the journal of the agent', async () => {
    const entry = `MESSAGE=the value is ${secret}\\nOBJECT_PID=%s\\n`
    await onServer(`printf '${entry}' "$(systemctl show --value -p MainPID hearth-agent)" | logger --journald`)
    await eventually(
      async () => (await onServer('journalctl --no-pager -u hearth-agent')).includes(secret),
      30_000,
      'the journal has not got it',
    )
    const files = await hearth.desktop.core.collectDiagnostics()
    const text = (name: string) => files.findLast((file) => file.name.endsWith(name))?.text ?? ''
    expect(text('journal.txt')).toContain('the value is [redacted')
    expect(text('services.json')).toContain('"name": "hearth-agent.service"')
    expectNone(files.map((file) => `${file.name} ${file.text}`).join('\n'))
  })
})

describe('files of the server', () => {
  test('keys are read by root alone, and the mint key by the forced command', async () => {
    expect(await onServer("cd /etc/hearth && stat -c '%a %U:%G %n' *")).toBe(
      [
        '600 root:root config.key',
        '600 root:root environment',
        '640 root:hearth mint.key',
        '600 root:root signing.pem',
      ].join('\n'),
    )
    expect(await onServer("stat -c '%a %U:%G' /etc/hearth /run/hearth/agent.sock")).toBe(
      '710 root:hearth\n660 root:hearth',
    )
  })

  test('state is open to root only', async () => {
    const nobody = (script: string) =>
      onServer(`setpriv --reuid=65534 --regid=65534 --clear-groups sh -c '${script}' 2>&1`)
    for (const name of ['slugs', 'layers', 'stacks', 'caches', 'builds', 'sources', 'logs'])
      expect(await nobody(`ls /var/lib/hearth/${name}`), name).toMatch(/Permission denied/)
    expect(await nobody('cat /var/lib/hearth/state.db')).toMatch(/Permission denied/)
    expect(
      await nobody(
        'find /var/lib/hearth /etc/hearth /run/hearth /run/hearth-router /usr/lib/hearth -writable ! -type l 2>/dev/null',
      ),
    ).toBe('')
    expect(await onServer('find /var/lib/hearth/slugs -perm /6022 ! -type l | head')).toBe('')
  })
})
