// Which addresses a program, and every program that it starts, tries to reach: what strace says of the system calls that
// name one. A try counts whatever becomes of it, so this needs no network and no name server to be told anything.

/** Prefix of a command line. Only these calls stop the program, and what is sent is not recorded. */
export const watchCommand = (file: string): readonly string[] => [
  ...['strace', '--follow-forks', '--seccomp-bpf', '--quiet=all', '--signal=none', '--string-limit=0'],
  ...['--trace=connect,sendto,sendmsg,sendmmsg', `--output=${file}`, '--'],
]

export interface Address {
  host: string
  port: number
}

// 812 connect(21, {sa_family=AF_INET, sin_port=htons(8801), sin_addr=inet_addr("127.0.0.1")}, 16) = -1 EINPROGRESS (...)
// 812 connect(21, {sa_family=AF_INET6, sin6_port=htons(443), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "2001:db8::1", ...
const internet = /sa_family=AF_INET6?, sin6?_port=htons\((\d+)\)[^}]*?(?:inet_addr\(|inet_pton\(AF_INET6, )"([^"]+)"/g

// 812 connect(4, {sa_family=AF_UNIX, sun_path="/run/systemd/resolve/io.systemd.Resolve"}, 42) = 0
const resolver = /sa_family=AF_UNIX, sun_path="([^"]*\bresolve\b[^"]*)"/g

export function parseConnections(trace: string): Address[] {
  const addresses = [...trace.matchAll(internet)].map(([, port, host]) => ({ host: `${host}`, port: Number(port) }))
  const lookups = [...trace.matchAll(resolver)].map(([, socket]) => ({ host: `${socket}`, port: 53 }))
  return [...addresses, ...lookups]
}

/** Away from this computer; a question to a name server is, even if one of this computer passes it on. */
export function isForeign({ host, port }: Address): boolean {
  return port === 53 || !/^(127\.|(::ffff:)?127\.|::1$)/.test(host)
}
