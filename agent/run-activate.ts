import { rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { readMintKey } from './access/keys.ts'
import { mintToken, serverOwner } from './access/token.ts'
import { activate } from './activation/activate.ts'
import { waitUntilHealthy } from './activation/check-health.ts'
import { paths, readConfig } from './config.ts'
import { HearthError } from './contract/errors.ts'
import { runCommand } from './exec/command.ts'
import type { Journal } from './journal.ts'

const healthyWithinMs = 30_000

/** `activate VERSION`: run as root on a server by the version that is to become the current one. */
export async function runActivate([version = '', ...parameters]: readonly string[], journal: Journal): Promise<void> {
  const config = readConfig(parameters)
  const result = await activate({
    // This file is <base>/versions/<version>/agent.mjs.
    base: dirname(dirname(import.meta.dirname)),
    version,
    async restart() {
      await runCommand(['systemctl', 'daemon-reload'])
      await runCommand(['systemctl', 'restart', 'hearth-agent.service'])
    },
    checkHealth: () =>
      waitUntilHealthy({
        socketPath: paths.agentSocket(config),
        token: async () => mintToken(await readMintKey(config.keyDirectory), serverOwner, Date.now()).token,
        timeoutMs: healthyWithinMs,
        countRestarts,
      }),
  })
  await writeResult(join(config.stateDirectory, 'activation.json'), result)
  journal.note(`Activation of ${version}: ${result.state}${result.message ? `: ${result.message}` : ''}`)
  if (result.state !== 'active') throw new HearthError('unavailable', result.message ?? 'The new version was not kept.')
}

async function countRestarts(): Promise<number> {
  const { stdout } = await runCommand(['systemctl', 'show', '--value', '--property=NRestarts', 'hearth-agent.service'])
  return Number(stdout.trim()) || 0
}

async function writeResult(path: string, result: unknown): Promise<void> {
  await writeFile(`${path}.next`, `${JSON.stringify(result)}\n`, { mode: 0o600 })
  await rename(`${path}.next`, path)
}
