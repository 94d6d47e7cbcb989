/** Where things are on a server. agent/config.ts has the agent's view of the same places. */
export const layout = {
  base: '/usr/lib/hearth',
  versions: '/usr/lib/hearth/versions',
  /** A link to the version that runs. */
  current: '/usr/lib/hearth/current',
  keys: '/etc/hearth',
  environment: '/etc/hearth/environment',
  /** The router's alone: what the agent's has may be secret, and the router faces the world. */
  routerEnvironment: '/etc/hearth/router-environment',
  state: '/var/lib/hearth',
  run: '/run/hearth',
  home: '/home/hearth',
  authorizedKeys: '/home/hearth/.ssh/authorized_keys',
  units: '/etc/systemd/system',
  /** What the last switch to another version came to. */
  activation: '/var/lib/hearth/activation.json',
} as const

/** Who SSH keys log in as. */
export const loginUser = 'hearth'
export const routerUser = 'hearth-router'

/** Through the machine's own apt: what stacks, dyno networks and builds are made with. */
export const packages = [
  'ca-certificates',
  'dbus',
  'git',
  'iproute2',
  'mmdebstrap',
  'nftables',
  'util-linux',
  'zstd',
] as const
