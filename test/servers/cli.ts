// npm run servers -- up|exec|cut|restore|reboot|kill|down|list
import { parseArgs } from 'node:util'
import {
  bootServers,
  destroyStale,
  findServer,
  installPrerequisites,
  listServers,
  type Server,
  type Suite,
  suites,
} from './index.ts'

const usage = `usage: npm run servers -- COMMAND
  up [--count N] [--suite ${suites.join('|')}] [--image NAME] [--json]   boot servers that stay until down
  list [--json]
  exec NAME -- COMMAND...                run a command as root
  cut NAME..., restore NAME...           pull the network cable, put it in again
  reboot NAME..., kill NAME...           reboot in order, pull the plug (and start again)
  down NAME... | --all | --stale         destroy; --stale: only those whose maker is gone`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '1' },
    suite: { type: 'string' },
    image: { type: 'string' },
    json: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
    stale: { type: 'boolean', default: false },
  },
})
const [command, ...names] = positionals
const say = (line: string): void => console.error(line)

const commands: Record<string, () => Promise<void>> = {
  up,
  list: async () => print(listServers()),
  exec: async () => {
    const [name = '', ...rest] = names
    const { exitCode } = await findServer(name).exec(rest, { inherit: true, allowFailure: true })
    process.exitCode = exitCode
  },
  cut: () => each((server) => server.cut()),
  restore: () => each((server) => server.restore()),
  reboot: () => each((server) => server.reboot()),
  kill: () => each((server) => server.kill()),
  down,
}

try {
  const chosen = commands[command ?? '']
  if (!chosen) throw new Error(usage)
  await chosen()
} catch (error) {
  say(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}

async function up(): Promise<void> {
  const count = Number(values.count)
  const suite = values.suite as Suite | undefined
  if (!Number.isInteger(count) || count < 1) throw new Error(`--count needs a number of servers, not ${values.count}`)
  if (suite && !suites.includes(suite)) throw new Error(`--suite is one of ${suites.join(', ')}, not ${suite}`)
  await installPrerequisites(say)
  const chosen = { ...(suite && { suite }), ...(values.image && { image: values.image }) }
  print(await bootServers(count, { ...chosen, stays: true, say }))
}

async function down(): Promise<void> {
  if (values.stale) {
    await destroyStale()
    return
  }
  if (!values.all) return each((server) => server.destroy())
  // Machines that running tests made are theirs to destroy.
  await destroyStale()
  await Promise.all(listServers().map((server) => (server.stays ? server.destroy() : undefined)))
}

async function each(act: (server: Server) => Promise<void>): Promise<void> {
  if (names.length === 0) throw new Error(usage)
  await Promise.all(names.map((name) => act(findServer(name))))
}

function print(servers: Server[]): void {
  const rows = servers.map(({ name, host, port, user, key }) => ({ name, host, port, user, key }))
  if (values.json) console.log(JSON.stringify(rows))
  else for (const { name, host, user, key } of rows) console.log(`${name}  ssh -i ${key} ${user}@${host}`)
}
