import type { TrustDeed, TrustedStep, TrustReport } from '../../core/trust/authority-trust.ts'
import { type Call, type Command, type CommandOptions, serverOption } from '../command.ts'

const options: CommandOptions = {
  ...serverOption,
  install: { type: 'boolean', summary: 'do it, as far as it needs no administrator; without this it is only shown' },
}

const trust: Command = {
  name: 'trust',
  summary: "have this computer trust a server's own authority, for https on names such as shop.local",
  options,
  run: (call) => carryOut(call, 'trust'),
}

const untrust: Command = {
  name: 'untrust',
  summary: "have this computer trust a server's own authority no more",
  options,
  run: (call) => carryOut(call, 'distrust'),
}

async function carryOut({ session: open, values }: Call, deed: TrustDeed) {
  const session = await open()
  const { id, name } = session.server(values.text('server'))
  const agent = await session.agent(id)
  const does = values.has('install') ? 'carryOut' : 'plan'
  const { authority, file, steps } = await session.core.trust[does](agent, id, deed)
  return { data: { ...authority, file, steps }, text: describe(name, authority, steps) }
}

function describe(server: string, { name, domains, fingerprint }: TrustReport['authority'], steps: TrustedStep[]) {
  const names = domains.map((domain) => `*.${domain}`).join(', ')
  const head = `${name} (${server})\n  speaks for ${names} and private addresses, and nothing else\n  SHA-256 ${fingerprint}\n`
  return `${head}\n${steps.map(describeStep).join('')}`
}

function describeStep({ title, command, state, message }: TrustedStep): string {
  switch (state) {
    case 'done':
      return `${title}: done.\n`
    case 'planned':
    case 'administrator':
      return `${title}: run\n  ${command}\n`
    case 'missing':
      return `${title}: ${message} With it, run\n  ${command}\n`
    case 'failed':
      return `${title}: ${message}\n  ${command}\n`
  }
}

export const trustCommands: readonly Command[] = [trust, untrust]
