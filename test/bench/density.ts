// npm run bench -- density: how many hello-world web dynos of Node a server of 4 GiB holds, each of them answering. Dynos are
// added ten at a time until one does not come up, one is ended for want of memory, or the server has less than a tenth left.
import { bootHearthServer, fixture } from '../server/hearth-server.ts'
import { ask } from '../server/resilience/load.ts'
import { eventually } from '../servers/index.ts'
import type { BenchContext, Figures } from './figures/benchmark.ts'
import { round, summarize } from './figures/statistics.ts'

const step = 10
/** Dynos of one type that an app may have, for two cores. */
const dynosAnApp = 50
const serverBytes = 4 * 2 ** 30
const isNearlyFull = 0.9

export async function bench({ runs, say, signal, onEnd }: BenchContext): Promise<Figures> {
  const hearth = await bootHearthServer({ memoryBytes: serverBytes })
  onEnd(() => hearth[Symbol.asyncDispose]())
  const { desktop, server } = hearth
  const empty = server.memory()
  let [held, used] = [0, empty]
  let answers: Figures = {}
  for (let wanted = step; wanted <= (runs ?? 60) * step; wanted += step) {
    signal.throwIfAborted()
    const [app, quantity] = [`hello-${Math.ceil(wanted / dynosAnApp)}`, ((wanted - step) % dynosAnApp) + step]
    const target = desktop.of(app)
    if (quantity === step) await desktop.deploy(app, fixture('node-hello'))
    await desktop.calls['formation.update']({ ...target, updates: [{ type: 'web', quantity, size: 'small' }] })
    const countUp = async () =>
      (await desktop.calls['dynos.list'](target)).filter(({ dyno }) => dyno.state === 'up' && dyno.type === 'web')
        .length
    const isUp = eventually(async () => (await countUp()) === quantity, 120_000, 'not all came up')
    const problem = await isUp.then(
      () => null,
      ({ message }: Error) => message,
    )
    if (problem !== null) {
      say(`${wanted} dynos: ${problem}`)
      break
    }
    // Now, since one step more may be too many for all of them.
    answers = await timeAnswers(server.host)
    ;[held, used] = [wanted, server.memory()]
    say(`${held} dynos up, ${Math.round(used / 2 ** 20)} MB of ${serverBytes / 2 ** 20}`)
    if (used > serverBytes * isNearlyFull) break
  }
  return {
    ...answers,
    dynos_count: held,
    each_mb: round((used - empty) / held / 1e6),
    // The system, the agent and the router.
    others_mb: round(empty / 1e6),
    n: held,
  }
}

async function timeAnswers(host: string): Promise<Figures> {
  const times: number[] = []
  for (let request = 0; request < 100; request += 1) {
    const at = performance.now()
    const { status } = await ask({ host, port: 80, hostname: 'hello-1.localhost' })
    if (status !== 200) throw new Error(`A request was answered with ${status}.`)
    times.push(performance.now() - at)
  }
  return summarize(times, 'ms')
}
