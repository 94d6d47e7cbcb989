import { runCommand } from '../../exec/command.ts'
import { bridge } from './firewall.ts'

/** A chain of nftables, as its commands name it: `ip filter FORWARD`. */
export type Chain = readonly [family: string, table: string, name: string]

/**
 * Lets what comes from the dynos' bridge and goes to it pass other firewalls of this server that drop what is forwarded, as ufw's and
 * Docker's do: without that dynos and builds reach nothing. At the end of their chain, where all that they have a rule for is decided; our
 * own table decides too, and says to where. Returns the chains that had to be told.
 */
export async function passOtherFirewalls(): Promise<Chain[]> {
  const chains = parseDroppingChains((await runCommand(['nft', 'list', 'chains'])).stdout)
  const told = await Promise.all(chains.map(async (chain) => ((await pass(chain)) ? [chain] : [])))
  return told.flat()
}

async function pass(chain: Chain): Promise<boolean> {
  const { stdout } = await runCommand(['nft', 'list', 'chain', ...chain])
  const missing = ['iifname', 'oifname'].filter((direction) => !stdout.includes(`${direction} "${bridge}"`))
  for (const direction of missing)
    await runCommand(['nft', 'add', 'rule', ...chain, direction, bridge, 'counter', 'accept'])
  return missing.length > 0
}

/**
 * Those for forwarded packets that drop what no rule of theirs accepts.
 *
 *     table ip filter {
 *     	chain FORWARD {
 *     		type filter hook forward priority filter; policy drop;
 *     	}
 *     }
 */
export function parseDroppingChains(text: string): Chain[] {
  const tables = [...text.matchAll(/^table (\S+) (\S+) \{\n([\s\S]*?)^\}/gm)]
  return tables.flatMap(([, family = '', table = '', body = '']) => {
    const chains = body.matchAll(/^\s*chain (\S+) \{\s*type filter hook forward [^;]*; policy drop;/gm)
    return [...chains].map(([, name = '']): Chain => [family, table, name])
  })
}
