import { parseArgs } from 'node:util'
import { HearthError } from './contract/errors.ts'
import { openNameRelay, type Place } from './names/name-relay.ts'

/** `names`: the unit that asks the server's own name server for dynos and builds (systemd/network/name-relay-unit.ts). */
export async function runNames(parameters: string[]): Promise<void> {
  const { values } = parseArgs({ args: parameters, options: { at: { type: 'string' }, to: { type: 'string' } } })
  await openNameRelay(parsePlace(values.at), parsePlace(values.to))
}

/** `10.213.0.1:5300`, `::1:53` */
function parsePlace(text = ''): Place {
  const [, host, port] = /^(.+):(\d+)$/.exec(text) ?? []
  if (!host || !port) throw new HearthError('bad_request', `"${text}" is no address and port.`)
  return { host, port: Number(port) }
}
