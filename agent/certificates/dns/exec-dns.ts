import { runCommand } from '../../exec/command.ts'
import type { DnsProvider, TxtRecord } from './dns-provider.ts'

const timeoutMs = 5 * 60_000

/**
 * A program of the operator's: `PROGRAM add _acme-challenge.www.example.com VALUE`, and the same with `remove`. It ends with status 0
 * once every name server of the domain has the record; what it prints last is told when it fails.
 */
export function openExecDns(program: string): DnsProvider {
  const run = async (verb: 'add' | 'remove', { name, value }: TxtRecord) => {
    await runCommand([program, verb, name, value], { timeoutMs })
  }
  return { add: (record) => run('add', record), remove: (record) => run('remove', record) }
}
