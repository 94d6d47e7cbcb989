import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { extract } from 'tar-stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { HearthError } from '../../../../agent/contract/errors.ts'
import { DesktopLog } from '../../../../electron/core/diagnostics/desktop-log.ts'
import { collectDiagnostics, type DiagnosticsOptions } from '../../../../electron/core/diagnostics/diagnostics.ts'
import { nameDiagnostics, packDiagnostics } from '../../../../electron/core/diagnostics/pack-diagnostics.ts'
import { Redactor } from '../../../../electron/core/diagnostics/redact.ts'

/** Each is planted in every place that the bundle is made from. */
const planted = {
  configVar: 'sunny-meadow',
  offlineVar: 'quiet "river" & co',
  multiline: '-----BEGIN PRIVATE KEY-----\nMIIEvgIBADANBgkqhk\nq8Zk3Jt0PlantedKeyLine2\n-----END PRIVATE KEY-----',
  urlPassword: 'p@ss/w0rd',
  userToken: 'ghp_R4nd0mLettersAndDigits0123456789',
  apiToken: '5f1d7a9e-8c3b-4f60-9a2d-7e6b5c4d3f21',
  environment: 'correct horse battery',
  short: 'hunter2',
}

const lines = [
  `GREETING is ${planted.configVar} and ${encodeURIComponent(planted.offlineVar)}`,
  JSON.stringify({ value: planted.offlineVar }),
  Buffer.from(planted.offlineVar).toString('base64'),
  planted.multiline,
  planted.multiline.split('\n')[2],
  `connecting to postgres://shop:${planted.urlPassword}@db.example.com:5432/shop failed`,
  `Authorization: Bearer ${planted.userToken}`,
  `git fetch with ${planted.userToken}`,
  `token ${planted.apiToken} was refused`,
  `MY_APP_SECRET=${planted.environment}`,
  `{"password": "${planted.short}", "user": "ann"}`,
  `answered ${JSON.stringify(JSON.stringify({ api_key: planted.short, ok: 1 }))}`,
  `passphrase: ${planted.short}`,
  `GET /callback?state=1&access_token=${planted.short}`,
].join('\n')

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-diagnostics-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function options(): Promise<DiagnosticsOptions> {
  const log = new DesktopLog(join(folder, 'desktop.log'))
  log.note('A deploy failed', new Error(lines))
  // What another program, or an older Hearth, wrote there.
  await log.read()
  await writeFile(join(folder, 'desktop.log.1'), `${lines}\n`)
  await writeFile(join(folder, 'agent.log'), `${lines}\n`)
  const answers: Record<string, unknown> = {
    listApps: [{ id: 'app-1' }],
    getConfigVars: { GREETING: planted.configVar, KEY: planted.multiline, EMPTY: '', PORT: '8080' },
    getServer: { operating_system: 'Debian', public_key: 'PublicKey', sandbox: lines },
    getServerStatus: { memory: { total_bytes: 8 }, dynos: [{ command: lines }], apps: [{ app: 'shop' }] },
    getServerDiagnostics: { units: [{ name: 'hearth-agent.service', result: lines }], journal: lines },
  }
  const agent = { call: async (name: string) => answers[name] }
  const server = (id: string, kind: 'embedded' | 'ssh', connection: object) => ({
    ...{ id, name: id, kind, transport: null, connection, age: null, hasOldRouter: false },
    agent: { version: '1', router: { state: 'up' }, sandbox: lines, public_key: 'PublicKey' },
  })
  return {
    servers: {
      list: () => [
        server('This computer', 'embedded', { state: 'online' }),
        server('atlas', 'ssh', { state: 'offline', reason: lines }),
      ],
      agent: () => agent,
    },
    ledger: {
      list: () => [1, 2].map((version) => ({ serverId: 's', appId: 'a', link: { version } })),
      configVars: async (_: string, __: string, version: number) => {
        if (version === 2) throw new HearthError('unavailable', 'The key store is locked.')
        return { NOTE: planted.offlineVar }
      },
    },
    settings: { settings: { theme: 'dark' } },
    log,
    embeddedLog: join(folder, 'agent.log'),
    versions: () => ({ hearth: '0.1.0', system: lines }),
    environment: { MY_APP_SECRET: planted.environment, HOME: '/home/ann' },
    secrets: () => [planted.apiToken],
  } as unknown as DiagnosticsOptions
}

describe('the diagnostics', () => {
  test('hold no planted secret in any byte, in any form, of any file or name', async () => {
    const files = await collectDiagnostics(await options())
    const archive = await packDiagnostics(files, nameDiagnostics(new Date('2026-11-26T04:22:16Z')))
    const unpacked = await unpack(archive)
    expect([...unpacked.keys()]).toEqual(
      [
        ...['README.txt', 'versions.json', 'settings.json', 'servers.json', 'desktop.log'],
        ...['health.json', 'services.json', 'journal.txt', 'agent.log'].map(
          (name) => `servers/1-This-computer/${name}`,
        ),
      ].map((name) => `hearth-diagnostics-2026-11-26-0422/${name}`),
    )
    const everything = [...unpacked].flat().join('\n')
    const parts = Object.values(planted).flatMap((secret) => [
      secret,
      ...secret.split('\n').filter((line) => line.length > 6),
    ])
    for (const secret of parts.filter((part) => !part.startsWith('-----')))
      for (const form of [
        secret,
        encodeURIComponent(secret),
        Buffer.from(secret).toString('base64'),
        JSON.stringify(secret).slice(1, -1),
      ])
        expect(everything).not.toContain(form)
    // What helps is still there.
    for (const told of [
      'db.example.com:5432/shop failed',
      '"theme": "dark"',
      'hearth-agent.service',
      'A deploy failed',
    ])
      expect(everything).toContain(told)
    expect(everything).not.toContain('"apps"')
  })

  test('tell of a server that answers nothing, and of logs that are not there', async () => {
    const broken = await options()
    await rm(join(folder, 'agent.log'))
    const refuse = async () => {
      throw new HearthError('forbidden', 'That takes the role manage.')
    }
    const files = await collectDiagnostics({
      ...broken,
      servers: { ...broken.servers, agent: () => ({ call: refuse }) as never },
    })
    const text = (name: string) => files.find((file) => file.name.endsWith(name))?.text
    expect(text('health.json')).toContain('That takes the role manage.')
    expect(text('agent.log')).toBe('')
  })
})

describe('the desktop’s log', () => {
  test('is for its user’s eyes only, without what looks like a secret, and bounded', async () => {
    const path = join(folder, 'log')
    const log = new DesktopLog(path)
    log.note(lines)
    expect(await log.read()).not.toMatch(/p@ss|ghp_|hunter2|PlantedKeyLine2\n-----END/)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    for (let count = 0; count < 40; count += 1) log.note('words and words '.repeat(2500))
    const text = await log.read()
    expect(text.length).toBeLessThan(1_200_000)
    expect((await stat(path)).size).toBeLessThan(600_000)
  })
})

test('what is no secret stays, and the same secret is the same number', () => {
  const redactor = new Redactor(['sunny-meadow', 'true', '8080'])
  expect(redactor.redact('2026-11-26T04:22:16.123Z web.1 up on port 8080, true: GET /shop 200 in 12 ms')).toBe(
    '2026-11-26T04:22:16.123Z web.1 up on port 8080, true: GET /shop 200 in 12 ms',
  )
  expect(redactor.redact('sunny-meadow, https://ann:other@host/ and sunny-meadow')).toBe(
    '[redacted 1], https://[redacted 2]@host/ and [redacted 1]',
  )
})

async function unpack(archive: Buffer): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  const entries = Readable.from([archive]).pipe(createGunzip()).pipe(extract())
  for await (const entry of entries) {
    const chunks: Uint8Array[] = []
    for await (const chunk of entry as AsyncIterable<Uint8Array>) chunks.push(chunk)
    files.set(entry.header.name, Buffer.concat(chunks).toString('utf8'))
  }
  return files
}
