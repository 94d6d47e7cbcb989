import { randomUUID } from 'node:crypto'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { get, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import os from 'node:os'
import path from 'node:path'
import type { Deploy } from '../../../../electron/core/deploy/deploy-state.ts'
import { eventually } from '../../../servers/index.ts'
import { bootHearthServer, fixture, type HearthServer } from '../../hearth-server.ts'
import { ask } from '../../resilience/load.ts'
import { agentOf, runInApp } from '../../security/run-in-app.ts'

/** One fixture app on a server: deployed, asked, changed, deployed again. */
export interface LanguageApp {
  /** A copy of the fixture, to change. */
  readonly folder: string
  readonly name: string
  deploy(): Promise<Deploy & { output: string }>
  /** Another text for one of its files, which may be new; without text it is taken away. */
  change(file: string, change: (text: string) => string): Promise<void>
  set(configVars: Record<string, string>): Promise<void>
  /** What the app answers over the router, once it says something with `part`. */
  waitFor(part: string): Promise<void>
  /** One answer over the router, as it was sent. */
  ask(path: string): Promise<{ status: number | undefined; headers: IncomingHttpHeaders; text: string }>
  run(command: string): Promise<{ output: string; exitCode: number }>
  /** Sets how many web dynos there are, and waits until each of them has answered. */
  scale(quantity: number): Promise<void>
  facts(): Promise<Record<string, string>>
  /** Of the archive of its newest slug, which is written while the app runs already. */
  checksum(): Promise<string>
}

export interface LanguageServer extends AsyncDisposable {
  readonly hearth: HearthServer
  open(fixtureName: string): Promise<LanguageApp>
}

export async function openLanguageServer(): Promise<LanguageServer> {
  const hearth = await bootHearthServer()
  const folders: string[] = []
  const { desktop, server } = hearth
  return {
    hearth,
    async open(fixtureName) {
      const name = `lang-${randomUUID().slice(0, 8)}`
      const folder = await mkdtemp(path.join(os.tmpdir(), 'hearth-language-'))
      folders.push(folder)
      await cp(fixture(fixtureName), folder, { recursive: true })
      await desktop.calls['apps.create']({ serverId: desktop.serverId, name })
      const place = { host: server.host, port: 80, hostname: `${name}.localhost` }
      const findSlug = async () => {
        const [latest] = await desktop.calls['releases.list'](desktop.of(name))
        return latest?.release?.slug?.id ?? ''
      }
      return {
        folder,
        name,
        deploy: () => desktop.tryDeploy(name, folder),
        async change(file, change) {
          const place = path.join(folder, file)
          const text = change(await readFile(place, 'utf8').catch(() => ''))
          await mkdir(path.dirname(place), { recursive: true })
          await (text ? writeFile(place, text) : rm(place))
        },
        async set(update) {
          await desktop.calls['configVars.update']({ ...desktop.of(name), update })
        },
        async waitFor(part) {
          await eventually(async () => (await ask(place)).body.includes(part), 60_000, `${name} does not say ${part}`)
        },
        async ask(target) {
          const response = await new Promise<IncomingMessage>((resolve, reject) => {
            const options = { host: server.host, path: target, headers: { host: `${name}.localhost` }, agent: false }
            get(options, resolve).once('error', reject)
          })
          const text = Buffer.concat(await response.toArray()).toString()
          return { status: response.statusCode, headers: response.headers, text }
        },
        run: (command) => runInApp(desktop, name, command),
        async checksum() {
          const slug = await findSlug()
          const ask = async () => (await agentOf(desktop).call('getSlug', { app: name, slug })).checksum
          await eventually(async () => (await ask()) !== null, 60_000, `the slug of ${name} has no archive`)
          return String(await ask())
        },
        async scale(quantity) {
          await desktop.calls['formation.update']({ ...desktop.of(name), updates: [{ type: 'web', quantity }] })
          const dynos = Array.from({ length: quantity }, (_, index) => ` dyno=web.${index + 1} `)
          const haveAnswered = async () => {
            await ask(place)
            // A log that is not there in time is asked for again.
            const lines = await desktop.logLines(name).catch(() => [])
            return dynos.every((dyno) => lines.some((line) => line.includes(dyno) && line.includes(' status=200 ')))
          }
          await eventually(haveAnswered, 60_000, `not each of ${quantity} dynos of ${name} has answered`)
        },
        async facts() {
          const slug = await findSlug()
          const [report] = await desktop.calls['releases.buildReports']({ ...desktop.of(name), slug })
          return { ...report?.facts }
        },
      }
    },
    async [Symbol.asyncDispose]() {
      await hearth[Symbol.asyncDispose]()
      for (const folder of folders) await rm(folder, { recursive: true, force: true })
    },
  }
}
