/** A chain of nftables, with its rules in their order. */
export interface Chain {
  readonly family: string
  readonly table: string
  readonly name: string
  /** What the kernel hands it, `forward`; null for one to which only other chains lead. */
  readonly hook: string | null
  /** Its policy drops what no rule decides. */
  readonly isDropping: boolean
  readonly rules: readonly Rule[]
}

/** Its text is without a comment. */
export interface Rule {
  readonly text: string
  readonly handle: string
}

/**
 * The chains of all tables, as `nft --handle --stateless --terse list ruleset` prints them.
 *
 *     table ip filter { # handle 2
 *     	chain FORWARD { # handle 1
 *     		type filter hook forward priority filter; policy drop;
 *     		ct state established,related accept comment "answers" # handle 4
 *     	}
 *     }
 */
export function parseRuleset(text: string): Chain[] {
  return [...text.matchAll(/^table (\S+) (\S+) \{([\s\S]*?)^\}/gm)].flatMap(
    ([, family = '', table = '', chains = '']) =>
      [...chains.matchAll(/^\tchain (\S+) \{([\s\S]*?)^\t\}/gm)].map(([, name = '', body = '']) => {
        const [, hook = null, rest = ''] = /^\t\ttype filter hook (\w+) (.*)$/m.exec(body) ?? []
        const rules = [...body.matchAll(/^\t\t(.+?)(?: comment "[^"]*")? # handle (\d+)$/gm)]
        return {
          ...{ family, table, name, hook },
          isDropping: rest.includes('policy drop;'),
          rules: rules.map(([, text = '', handle = '']) => ({ text, handle })),
        }
      }),
  )
}

/**
 * The place of the rule by which a chain refuses what none before knows, itself or by another chain to which it sends everything;
 * one beyond the last where its policy does; null where it lets that pass.
 */
export function findRefusal(chain: Chain, all: readonly Chain[]): number | null {
  for (const [index, { text }] of chain.rules.entries()) {
    const verdict = text.replace(countingAndLogging, '')
    if (verdict === 'accept') return null
    if (verdict === 'return') break
    if (/^(drop|reject( with .*)?)$/.test(verdict)) return index
    const [, target] = /^(?:jump|goto) (\S+)$/.exec(verdict) ?? []
    if (target !== undefined && refuses(target, chain, all)) return index
  }
  return chain.isDropping ? chain.rules.length : null
}

/** They look at nothing of a packet: what follows is for all. */
const countingAndLogging =
  /^((counter|log)( (packets|bytes|level|group|snaplen) \S+| prefix "[^"]*"| flags (all|skuid|ether|(tcp|ip) \S+))* )+/

function refuses(name: string, { family, table }: Chain, all: readonly Chain[]): boolean {
  const target = all.find((each) => each.family === family && each.table === table && each.name === name)
  return target !== undefined && findRefusal(target, all) !== null
}
