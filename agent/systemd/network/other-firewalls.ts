import { runCommand } from '../../exec/command.ts'
import { bridge } from './firewall.ts'
import { type Chain, findRefusal, parseRuleset } from './ruleset.ts'

/** What has to pass, by hook: how its packets are matched. */
export type Passes = Readonly<Record<string, readonly string[]>>

/** `namesPort` is where dynos ask this server itself for names; null where they ask others. */
export function passesOf(namesPort: number | null): Passes {
  const [from, to] = [`iifname "${bridge}"`, `oifname "${bridge}"`]
  return {
    forward: [from, to],
    // The router's own connections to dynos.
    output: [to],
    input: namesPort === null ? [] : ['udp', 'tcp'].map((protocol) => `${from} ${protocol} dport ${namesPort}`),
  }
}

/**
 * Lets what comes from the dynos' bridge and goes to it pass this server's other firewalls: without that dynos and builds reach nothing
 * where ufw, Docker, firewalld or an operator's own rules refuse what nobody allowed. Last in their chains, where all that they have a
 * rule for is decided; our own table decides too, and says to where. Returns which had to be told.
 */
export async function passOtherFirewalls(passes: Passes): Promise<string[]> {
  const list = ['nft', '--handle', '--stateless', '--terse', 'list', 'ruleset'] as const
  const chains = parseRuleset((await runCommand(list, { maximumOutputBytes: 64 * 1024 * 1024 })).stdout)
  const told = chains.flatMap((chain) => {
    const commands = isOthers(chain) ? renderPass(chain, chains, passes[chain.hook ?? ''] ?? []) : []
    return commands.length > 0 ? [{ chain, commands }] : []
  })
  // At once: where a rule of ours has to move there is no moment without it.
  if (told.length > 0) await runCommand(['nft', told.flatMap(({ commands }) => commands).join('; ')])
  const names = told.map(({ chain }) => `the chain ${nameOf(chain)}`)
  return (await passFirewalld(chains)) ? [...names, 'firewalld'] : names
}

const nameOf = ({ family, table, name }: Chain) => `${family} ${table} ${name}`
const isFirewallds = ({ family, table }: Chain) => family === 'inet' && table === 'firewalld'
const isOthers = (chain: Chain) =>
  ['ip', 'ip6', 'inet'].includes(chain.family) && chain.table !== 'hearth' && !isFirewallds(chain)
const ours = new RegExp(`^[io]ifname "${bridge}" ((udp|tcp) dport \\d+ )?counter accept$`)

/**
 * The commands that let these pass a chain: rules just before the one that refuses the rest. They are in a form that iptables understands
 * too, since it refuses tables with any other. `ufw reload` puts ufw's own rules behind ours: then they move, since what an operator forbids
 * stays forbidden. Pure.
 */
export function renderPass(chain: Chain, all: readonly Chain[], matches: readonly string[]): string[] {
  const at = findRefusal(chain, all)
  if (at === null || matches.length === 0) return []
  const rules = matches.map((match) => `${match} counter accept`)
  const found = chain.rules.slice(Math.max(0, at - rules.length), at).map(({ text }) => text)
  if (found.join() === rules.join()) return []
  const [place, refusal] = [nameOf(chain), chain.rules[at]]
  const old = chain.rules.filter(({ text }) => ours.test(text))
  return [
    ...rules.map((rule) =>
      refusal ? `insert rule ${place} handle ${refusal.handle} ${rule}` : `add rule ${place} ${rule}`,
    ),
    ...old.map(({ handle }) => `delete rule ${place} handle ${handle}`),
  ]
}

/**
 * Puts the bridge into firewalld's zone for what may pass. Its table is its own: newer ones let nobody else change it, and a reload
 * makes it anew. For the same reason not for good: then a change of ours would stay when Hearth goes.
 */
async function passFirewalld(chains: readonly Chain[]): Promise<boolean> {
  const rules = chains.filter(isFirewallds).flatMap((chain) => chain.rules)
  if (rules.length === 0 || rules.some(({ text }) => trusts.test(text))) return false
  await runCommand(['firewall-cmd', '--quiet', '--zone=trusted', `--change-interface=${bridge}`])
  return true
}

const trusts = new RegExp(`^iifname "${bridge}" .*_trusted$`)
