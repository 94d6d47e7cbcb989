import { expect, test } from 'vitest'
import { passesOf, renderPass } from '../../../agent/systemd/network/other-firewalls.ts'
import { findRefusal, parseRuleset } from '../../../agent/systemd/network/ruleset.ts'

const [from, to] = ['iifname "hearth0" counter accept', 'oifname "hearth0" counter accept']
const passes = passesOf(53)

/** A table of iptables' with one chain for what is forwarded, as nft lists it; `rules` have handles from 40 up. */
const tableOf = (policy: string, rules: readonly string[], more = '') =>
  `# Warning: table ip filter is managed by iptables-nft, do not touch!
table ip filter { # handle 2
	chain ufw-reject-forward { # handle 21
		counter reject # handle 46
	}

	chain ufw-track-forward { # handle 22
	}

	chain FORWARD { # handle 39
		type filter hook forward priority filter; policy ${policy};
${rules.map((rule, index) => `\t\t${rule} # handle ${40 + index}\n`).join('')}	}
${more}}
`

function renderFor(text: string, name = 'FORWARD'): string[] {
  const chains = parseRuleset(text)
  const chain = chains.find((each) => each.name === name)
  if (!chain) throw new Error(`there is no ${name}`)
  return renderPass(chain, chains, passes[chain.hook ?? ''] ?? [])
}

const ufw = ['counter jump ufw-before-forward', 'counter jump ufw-reject-forward', 'counter jump ufw-track-forward']

test('lets dynos pass before the rule by which a firewall refuses the rest, itself or by another chain', () => {
  expect(renderFor(tableOf('drop', ufw))).toEqual([
    `insert rule ip filter FORWARD handle 41 ${from}`,
    `insert rule ip filter FORWARD handle 41 ${to}`,
  ])
  const logged = 'counter log prefix "no: " flags all level info reject with icmp host-prohibited comment "the rest"'
  expect(renderFor(tableOf('accept', ['ct state established accept', logged]))[0]).toContain('handle 41 iifname')
})

test('lets dynos pass at the end where the policy refuses, and nothing is done twice', () => {
  const [first] = ufw as [string]
  expect(renderFor(tableOf('drop', [first]))).toEqual([
    `add rule ip filter FORWARD ${from}`,
    `add rule ip filter FORWARD ${to}`,
  ])
  expect(renderFor(tableOf('drop', [first, from, to]))).toEqual([])
  expect(renderFor(tableOf('drop', [first, from, to, ...ufw.slice(1)]))).toEqual([])
})

test('moves what lets dynos pass when rules that forbid something have come after it', () => {
  const forbidding = 'tcp dport 25 counter drop'
  expect(renderFor(tableOf('drop', [from, to, forbidding]))).toEqual([
    `add rule ip filter FORWARD ${from}`,
    `add rule ip filter FORWARD ${to}`,
    'delete rule ip filter FORWARD handle 40',
    'delete rule ip filter FORWARD handle 41',
  ])
})

test.each([
  ['nothing', 'accept', ['tcp dport 25 drop', 'iifname != "eth0" reject', 'ct state invalid drop']],
  ['nothing, whatever the policy', 'drop', ['iifname "eth1" drop', 'counter accept']],
])('leaves a firewall alone that refuses %s', (_what, policy, rules) => {
  expect(renderFor(tableOf(policy, rules))).toEqual([])
})

test('lets names in where this server is asked for them, and the router out', () => {
  const more = ['input', 'output'].map(
    (hook) => `\tchain ${hook} { # handle 3\n\t\ttype filter hook ${hook} priority filter; policy drop;\n\t}\n`,
  )
  const text = tableOf('accept', [], more.join(''))
  expect(renderFor(text, 'input')).toEqual([
    'add rule ip filter input iifname "hearth0" udp dport 53 counter accept',
    'add rule ip filter input iifname "hearth0" tcp dport 53 counter accept',
  ])
  expect(renderFor(text, 'output')).toEqual([`add rule ip filter output ${to}`])
  expect(passesOf(null).input).toEqual([])
})

test('a chain that sends everything on is as good as the one to which it does', () => {
  const chains = parseRuleset(`table inet firewalld { # handle 4
	chain filter_FORWARD { # handle 23
		type filter hook forward priority filter + 10; policy accept;
		ct state { established, related } accept # handle 36
		jump filter_FORWARD_ZONES # handle 42
	}

	chain filter_FORWARD_ZONES { # handle 41
		goto filter_FWD_public # handle 132
	}

	chain filter_FWD_public { # handle 88
		reject with icmpx admin-prohibited # handle 101
	}
}
`)
  expect(chains.map((chain) => findRefusal(chain, chains))).toEqual([1, 0, 0])
})
