import { runCommand } from '../../exec/command.ts'

const unit = 'hearth-names.service'

/**
 * Where the relay listens on the bridge. What comes to port 53 there is sent to it by a rule, so that it needs no right to that port, and
 * takes it from no program of the server's that will want it on all interfaces.
 */
export const relayPort = 5300

/** It faces dynos: nobody's rights, nothing to write, and no network but the bridge and the loopback interface. */
const confinement = [
  ...['DynamicUser=yes', 'NoNewPrivileges=yes', 'CapabilityBoundingSet=', 'ProtectSystem=strict', 'ProtectHome=yes'],
  ...[
    'PrivateDevices=yes',
    'ProtectProc=invisible',
    'ProtectClock=yes',
    'ProtectHostname=yes',
    'ProtectKernelLogs=yes',
  ],
  ...['ProtectKernelModules=yes', 'ProtectKernelTunables=yes', 'ProtectControlGroups=yes', 'RestrictNamespaces=yes'],
  ...['RestrictRealtime=yes', 'RestrictSUIDSGID=yes', 'LockPersonality=yes', 'SystemCallArchitectures=native'],
  ...['RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX', 'SystemCallFilter=@system-service', 'IPAddressDeny=any'],
] as const

/**
 * Keeps a relay from the bridge to the server's own name server running, or none where `to` is null. A unit of its own: dynos find names
 * while the agent starts anew.
 */
export async function keepNameRelay({ prefix, to }: { prefix: string; to: string | null }): Promise<void> {
  const description = to && `Hearth relay of names from ${prefix}.0.1 to ${to}`
  const { stdout } = await runCommand(['systemctl', 'show', '--property=Description,ActiveState', unit])
  const isThere = !stdout.includes('ActiveState=inactive')
  if (description ? isThere && stdout.includes(`Description=${description}\n`) : !isThere) return
  if (isThere) await runCommand(['systemctl', 'stop', unit], { expectedStatuses: [5] })
  if (!to || !description) return
  const properties = [
    ...['Restart=always', 'RestartSec=200ms', 'StartLimitIntervalSec=0', 'MemoryMax=128M', 'TasksMax=64'],
    ...['IPAddressAllow=localhost', `IPAddressAllow=${prefix}.0.0/16`, ...confinement],
  ]
  // As the agent itself was started: by a name that outlives its version.
  const program = [process.argv0, process.argv[1] ?? '', 'names']
  await runCommand([
    ...(['systemd-run', '--quiet', '--collect', `--unit=${unit}`, `--description=${description}`] as const),
    ...properties.map((property) => `--property=${property}`),
    ...['--', ...program, `--at=${prefix}.0.1:${relayPort}`, `--to=${to}:53`],
  ])
}
