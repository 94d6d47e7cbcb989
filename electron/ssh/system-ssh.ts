import { homedir } from 'node:os'
import type { SshAddress, SystemSsh } from '../core/ports/transport.ts'
import { runChild } from '../exec/spawn.ts'
import { areAllHardwareKeys } from './hardware-key.ts'
import { explainNeed, parseSshConfig, type SshHostConfig } from './ssh-config.ts'

export interface SystemSshProgram {
  readonly program?: string
  /** The agent that the SSH inside Hearth would ask. */
  readonly agentSocket: string | null
  /** Another file than ~/.ssh/config. */
  readonly configFile?: string
}

/** The `ssh` program of this computer. `ssh -G` merges its configuration as ssh itself does, in some 10 ms. */
export function openSystemSsh({ program = 'ssh', agentSocket, configFile }: SystemSshProgram): SystemSsh {
  let isThere: Promise<boolean> | null = null
  const flags = configFile === undefined ? [] : ['-F', configFile]
  const ask = async (parameters: readonly string[]): Promise<SshHostConfig | null> => {
    const answer = await runChild([program, ...flags, '-G', ...parameters]).catch(() => null)
    return answer?.status === 0 ? parseSshConfig(answer.stdout, homedir()) : null
  }
  return {
    // OpenSSH for Windows has no ControlMaster, which our connections are made of.
    isAvailable() {
      isThere ??= process.platform === 'win32' ? Promise.resolve(false) : answers(program)
      return isThere
    },
    async explainNeed({ host, port, user }: SshAddress) {
      const config = await ask(['-p', String(port), '-l', user, '--', host])
      if (!config) return null
      return explainNeed(host, config, {
        areAllKeysHardware: await areAllHardwareKeys(config.identityFiles),
        agentSocket,
      })
    },
    async describeHost(host) {
      const config = await ask(['--', host])
      return config && { user: config.user, port: config.port }
    },
  }
}

function answers(program: string): Promise<boolean> {
  return runChild([program, '-V']).then(
    ({ status }) => status === 0,
    () => false,
  )
}
