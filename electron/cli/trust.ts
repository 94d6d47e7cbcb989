import { mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname } from 'node:path'
import type { Authority } from '../../agent/contract/authority.ts'
import { inheritedEnvironment, paths } from '../config.ts'
import { findProgram } from '../core/client/find-program.ts'
import { writeFileWhole } from '../core/json-file.ts'
import { planDistrust, planTrust, type TrustStep } from '../core/trust/trust-plan.ts'
import { runChild } from '../exec/spawn.ts'
import { type Call, type Command, type CommandOptions, serverOption } from './command.ts'

const options: CommandOptions = {
  ...serverOption,
  install: { type: 'boolean', summary: 'do it, as far as it needs no administrator; without this it is only shown' },
}

const trust: Command = {
  name: 'trust',
  summary: "have this computer trust a server's own authority, for https on names such as shop.local",
  options,
  async run(call) {
    const session = await call.session()
    const { id, name } = session.server(call.values.text('server'))
    const authority = await (await session.agent(id)).call('createAuthority', {})
    return carryOut(call, { serverId: id, serverName: name, authority, plan: planTrust })
  },
}

const untrust: Command = {
  name: 'untrust',
  summary: "have this computer trust a server's own authority no more",
  options,
  async run(call) {
    const session = await call.session()
    const { id, name } = session.server(call.values.text('server'))
    const authority = await (await session.agent(id)).call('getAuthority', {})
    return carryOut(call, { serverId: id, serverName: name, authority, plan: planDistrust })
  },
}

interface Deed {
  readonly serverId: string
  readonly serverName: string
  readonly authority: Authority
  readonly plan: typeof planTrust
}

/** What a store is told is what was shown: the certificate comes over the server's own connection. */
async function carryOut({ session, values }: Call, { authority, plan, serverId, serverName }: Deed) {
  const file = paths.serverAuthority((await session()).core.config, serverId)
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  await writeFileWhole(file, authority.certificate)
  const fingerprint = authority.fingerprint.replaceAll(':', '')
  const { name } = authority
  const steps = plan({ platform: process.platform, home: homedir(), file, name, fingerprint })
  const lines: string[] = []
  for (const step of steps) lines.push(await doStep(step, values.has('install')))
  const head = `${name} (${serverName})\n  speaks for ${authority.domains.map((domain) => `*.${domain}`).join(', ')} and private addresses, and nothing else\n  SHA-256 ${authority.fingerprint}\n`
  return { data: { ...authority, file, steps }, text: `${head}\n${lines.join('')}` }
}

async function doStep({ command, needsAdministrator, title }: TrustStep, isWanted: boolean): Promise<string> {
  const shown = command.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `"${word}"`)).join(' ')
  if (needsAdministrator) return `${title}: run\n  sudo ${shown}\n`
  if (!isWanted) return `${title}: run\n  ${shown}\n`
  if ((await findProgram(command[0], inheritedEnvironment())) === null) {
    return `${title}: ${command[0]} is not installed. With it, run\n  ${shown}\n`
  }
  const { status, stderr } = await runChild(command)
  return status === 0 ? `${title}: done.\n` : `${title}: ${stderr.trim() || `status ${status}`}\n  ${shown}\n`
}

export const trustCommands: readonly Command[] = [trust, untrust]
