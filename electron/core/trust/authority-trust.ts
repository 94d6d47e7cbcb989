import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Authority } from '../../../agent/contract/domains/authority.ts'
import { HearthError } from '../../../agent/contract/errors.ts'
import type { Environment } from '../client/environment.ts'
import { findProgram } from '../client/find-program.ts'
import { writeFileWhole } from '../json-file.ts'
import type { Agent } from '../ports/agent.ts'
import { quoteCommand } from '../servers/shell-quote.ts'
import { planDistrust, planTrust, type TrustStep } from './trust-plan.ts'

export type TrustDeed = 'trust' | 'distrust'

/** What became of a step: only planned, for an administrator to do, done, failed, or its program is not installed. */
export type TrustState = 'planned' | 'administrator' | 'done' | 'failed' | 'missing'

export interface TrustedStep {
  readonly title: string
  /** To be typed into a terminal, with `sudo` where it takes one. */
  readonly command: string
  readonly state: TrustState
  /** What went wrong, in the program's own words or ours. */
  readonly message: string | null
}

export interface TrustReport {
  readonly authority: Authority
  /** Where its certificate lies on this computer. */
  readonly file: string
  readonly steps: TrustedStep[]
}

export interface AuthorityTrustOptions {
  readonly fileOf: (serverId: string) => string
  readonly platform: NodeJS.Platform
  readonly home: string
  readonly environment: Environment
  readonly run: (command: readonly [string, ...string[]]) => Promise<{ status: number; stderr: string }>
}

/** Has the stores of this computer trust a server's own authority, or trust it no more; for the window and the command line. */
export class AuthorityTrust {
  readonly #options: AuthorityTrustOptions

  constructor(options: AuthorityTrustOptions) {
    this.#options = options
  }

  /** What would be done. To be trusted an authority has to be: a server that has none makes it. */
  async plan(agent: Agent, serverId: string, deed: TrustDeed): Promise<TrustReport> {
    const { authority, file, steps } = await this.#prepare(agent, serverId, deed)
    return {
      authority,
      file,
      steps: steps.map((step) => this.#say(step, step.needsAdministrator ? 'administrator' : 'planned')),
    }
  }

  /** Does what needs no administrator, as far as it goes; what an administrator has to do is told. */
  async carryOut(agent: Agent, serverId: string, deed: TrustDeed): Promise<TrustReport> {
    const { authority, file, steps } = await this.#prepare(agent, serverId, deed)
    const done: TrustedStep[] = []
    for (const step of steps) done.push(await this.#doStep(step))
    return { authority, file, steps: done }
  }

  /** What a store is told is what was shown: the certificate comes over the server's own connection. */
  async #prepare(agent: Agent, serverId: string, deed: TrustDeed) {
    const { platform, home, fileOf } = this.#options
    const authority = await authorityOf(agent, deed)
    const file = fileOf(serverId)
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    await writeFileWhole(file, authority.certificate)
    const fingerprint = authority.fingerprint.replaceAll(':', '')
    const plan = deed === 'trust' ? planTrust : planDistrust
    return { authority, file, steps: plan({ platform, home, file, name: authority.name, fingerprint }) }
  }

  async #doStep(step: TrustStep): Promise<TrustedStep> {
    if (step.needsAdministrator) return this.#say(step, 'administrator')
    const { environment, platform, run } = this.#options
    const [program] = step.command
    if ((await findProgram(program, environment, platform)) === null)
      return this.#say(step, 'missing', `${program} is not installed on this computer.`)
    const { status, stderr } = await run(step.command)
    if (status === 0) return this.#say(step, 'done')
    return this.#say(step, 'failed', stderr.trim() || `${program} ended with status ${status}.`)
  }

  #say(
    { title, command, needsAdministrator }: TrustStep,
    state: TrustState,
    message: string | null = null,
  ): TrustedStep {
    // What no shell is asked to run here is quoted for the one that its reader has.
    const typed =
      this.#options.platform === 'win32'
        ? command.map((word) => (/\s/.test(word) ? `"${word}"` : word)).join(' ')
        : quoteCommand(command)
    return { title, command: `${needsAdministrator ? 'sudo ' : ''}${typed}`, state, message }
  }
}

/** Who may not make one may still trust the one that is there. */
async function authorityOf(agent: Agent, deed: TrustDeed): Promise<Authority> {
  try {
    return await agent.call('getAuthority', {})
  } catch (error) {
    if (deed === 'distrust' || !(error instanceof HearthError) || error.id !== 'not_found') throw error
    return agent.call('createAuthority', {})
  }
}
