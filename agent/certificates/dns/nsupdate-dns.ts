import { setTimeout as delay } from 'node:timers/promises'
import { runCommand } from '../../exec/command.ts'
import type { DnsProvider, TxtRecord } from './dns-provider.ts'

export interface NsupdateOptions {
  readonly server: string
  /** With the TSIG key, as `tsig-keygen` writes it; read by nsupdate, so that the key is in no list of processes. */
  readonly keyFile: string
  /** How long the domain's other name servers take to hear of it. */
  readonly waitMs: number
}

const timeoutMs = 60_000
const ttlSeconds = 60

/** A name server that takes updates (RFC 2136): BIND, Knot, PowerDNS, and others. Needs `nsupdate` (package bind9-dnsutils). */
export function openNsupdateDns({ keyFile, server, waitMs }: NsupdateOptions): DnsProvider {
  const update = async (lines: string) => {
    await runCommand(['nsupdate', '-k', keyFile], { input: `${lines}send\n`, timeoutMs })
  }
  return {
    async add(record) {
      await update(renderUpdate(server, 'add', record))
      await delay(waitMs)
    },
    remove: (record) => update(renderUpdate(server, 'delete', record)),
  }
}

/** What nsupdate(1) reads. Name and value have none of its own characters: one is a host name, the other base64url. */
export function renderUpdate(server: string, verb: 'add' | 'delete', { name, value }: TxtRecord): string {
  if (!/^[\w.-]+$/.test(name) || !/^[\w-]+$/.test(value))
    throw new TypeError(`${name} can't be a record's name and value.`)
  const ttl = verb === 'add' ? ` ${ttlSeconds}` : ''
  return `server ${server}\nupdate ${verb} ${name}.${ttl} TXT "${value}"\n`
}
