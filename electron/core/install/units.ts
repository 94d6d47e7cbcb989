import { layout, routerUser } from './layout.ts'

/** A file of the installation, by its path. */
export interface RenderedFile {
  readonly path: string
  readonly text: string
}

const program = (command: string, flags = '') => `${layout.current}/node ${flags}${layout.current}/agent.mjs ${command}`

/** All of systemd's files, in the order in which they are written. */
export function renderUnits(): RenderedFile[] {
  const unit = (name: string, text: string) => ({ path: `${layout.units}/${name}`, text })
  return [
    unit('hearth-agent.service', agentService),
    unit('hearth-router.service', routerService),
    unit('hearth-router.socket', routerSocket),
    unit('hearth-router-tls.socket', routerTlsSocket),
    unit('hearth-dynos.slice', dynosSlice),
    unit('hearth-builds.slice', buildsSlice),
    unit('hearth-git.slice', gitSlice),
  ]
}

// What the agent would hold and not use: small young generations, one arena, and OpenSSL's own store of authorities (which is
// the system's), read when it is needed instead of at the start. What downloads is a process of its own.
// KillMode=process: what the agent started outside of units of their own (a build's helper, say) is its own to end;
// dynos are units and never concerned. The folder's set-group-id bit hands the agent's socket to the login user.
const agentService = `[Unit]
Description=Hearth agent
After=network-online.target dbus.service hearth-router.socket
Wants=network-online.target hearth-router.socket
StartLimitIntervalSec=0

[Service]
Type=exec
ExecStartPre=/usr/bin/install -d -m 2750 -o root -g hearth ${layout.run}
ExecStart=${program('serve', '--max-semi-space-size=2 --use-openssl-ca ')}
Environment=MALLOC_ARENA_MAX=1
EnvironmentFile=-${layout.environment}
Restart=always
RestartSec=500ms
KillMode=process
TimeoutStopSec=15
OOMScoreAdjust=-500
LimitNOFILE=65536

[Install]
WantedBy=multi-user.target
`

// The router faces the world: a user of its own who may do nothing but route. On a busy machine it has a process for each core;
// KillMode=mixed: the first one lets the others finish, and when it dies the others don't hold up its next start.
// Slice=-.slice: weights count between neighbours in the tree of control groups. In system.slice it would share evenly with all
// dynos and builds together, and wait 3 ms for its turn behind one that computes; at ten to one it waits for 0.1 ms.
const routerService = `[Unit]
Description=Hearth router
After=network.target
Requires=hearth-router.socket
StartLimitIntervalSec=0

[Service]
Type=exec
ExecStart=${program('router')}
Sockets=hearth-router.socket hearth-router-tls.socket
User=${routerUser}
EnvironmentFile=-${layout.routerEnvironment}
RuntimeDirectory=hearth-router
RuntimeDirectoryMode=0750
RuntimeDirectoryPreserve=yes
Restart=always
RestartSec=200ms
KillMode=mixed
TimeoutStopSec=35
Slice=-.slice
CPUWeight=1000
OOMScoreAdjust=-600
LimitNOFILE=65536
UMask=0007
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
`

// systemd holds the port, so that a restart of the router refuses nobody.
const routerSocket = `[Unit]
Description=Hearth router's port

[Socket]
ListenStream=80
NoDelay=yes
Backlog=4096

[Install]
WantedBy=sockets.target
`

// Apart from port 80, so that a program that has taken 443 keeps nobody from http. The router knows it by its name.
const routerTlsSocket = `[Unit]
Description=Hearth router's port for https

[Socket]
ListenStream=443
FileDescriptorName=https
Service=hearth-router.service
NoDelay=yes
Backlog=4096

[Install]
WantedBy=sockets.target
`

const dynosSlice = `[Unit]
Description=Hearth dynos

[Slice]
CPUWeight=100
`

// Live apps must not feel builds.
const buildsSlice = `[Unit]
Description=Hearth builds

[Slice]
CPUWeight=20
IOWeight=20
`

// Several pushes and fetches at once share this, whatever each may have alone.
const gitSlice = `[Unit]
Description=Hearth git

[Slice]
CPUWeight=20
IOWeight=20
MemoryMax=50%
`

/** Lines for EnvironmentFile=. Inside double quotes systemd wants the same escapes as a shell (systemd.exec(5)). */
export function renderEnvironment(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => {
      if (!/^[A-Za-z_]\w*$/.test(name) || /[\n\r\0]/.test(value))
        throw new TypeError(`${name} can't be set for a unit.`)
      return `${name}="${value.replace(/["\\$`]/g, '\\$&')}"\n`
    })
    .join('')
}
