import { connect } from './access/connect.ts'
import { paths, readConfig, readGitProtocol, readOriginalCommand } from './config.ts'

/** `connect KEYID`: what sshd runs for a key, whatever its client asked for. */
export async function runConnect([keyId = '', ...parameters]: readonly string[]): Promise<void> {
  const config = readConfig(parameters)
  process.exitCode = await connect({
    keyId,
    originalCommand: readOriginalCommand(),
    gitProtocol: readGitProtocol(),
    keyDirectory: config.keyDirectory,
    socketPath: paths.agentSocket(config),
    authorizedKeysPath: paths.authorizedKeys(config),
    input: process.stdin,
    output: process.stdout,
    say: (text) => process.stderr.write(`${text}\n`),
    nowMs: Date.now(),
  })
}
