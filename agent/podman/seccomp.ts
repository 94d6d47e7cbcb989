/** Podman's profile of system calls, as far as it is changed here: containers/common, pkg/seccomp. */
interface Profile {
  readonly archMap?: readonly { readonly architecture: string; readonly subArchitectures: readonly string[] }[]
  readonly syscalls: readonly Rule[]
}

interface Rule {
  readonly names: readonly string[]
  readonly action: string
  readonly args?: readonly { index: number; value: number; valueTwo: number; op: string }[]
  readonly errnoRet?: number
}

const [allowed, refused] = ['SCMP_ACT_ALLOW', 'SCMP_ACT_ERRNO']
const [notPermitted, notImplemented] = [1, 38]

/** New namespaces, and mounts in them: a way to be root of something, which podman leaves open to containers in containers. */
const namespaceCalls =
  'unshare setns mount umount umount2 pivot_root fsopen fsconfig fsmount fspick open_tree move_mount mount_setattr'
/** A ring's operations pass no filter: sockets of any family, for one. Programs that know it do without where it is not. */
const ringCalls = ['io_uring_setup', 'io_uring_enter', 'io_uring_register']
// clone(2): all of CLONE_NEW*, but for time, which clone can't ask for.
const namespaceFlags = 0x7e020000
/** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK, as a unit's RestrictAddressFamilies has them. */
const addressFamilies = [1, 2, 10, 16]

/**
 * Podman's own profile, made as strict as a dyno's unit: no namespaces, no other addresses than the usual, no rings, and no second
 * instruction set whose calls would go by other numbers.
 */
export function renderSeccomp(own: string): string {
  const profile = JSON.parse(own) as Profile
  const decided = new Set([...namespaceCalls.split(' '), ...ringCalls, 'clone', 'clone3', 'socket'])
  const kept = profile.syscalls.map((rule) => ({ ...rule, names: rule.names.filter((name) => !decided.has(name)) }))
  const rules: Rule[] = [
    ...kept.filter(({ names }) => names.length > 0),
    { names: [...namespaceCalls.split(' '), ...ringCalls], action: refused, errnoRet: notPermitted },
    { names: ['clone'], action: allowed, args: [compare('SCMP_CMP_MASKED_EQ', namespaceFlags, 0)] },
    // Its flags are out of a filter's sight; C libraries then use clone.
    { names: ['clone3'], action: refused, errnoRet: notImplemented },
    ...addressFamilies.map((family) => ({
      names: ['socket'],
      action: allowed,
      args: [compare('SCMP_CMP_EQ', family)],
    })),
  ]
  const archMap = profile.archMap?.map((entry) => ({ ...entry, subArchitectures: [] }))
  return JSON.stringify({ ...profile, ...(archMap && { archMap }), syscalls: rules })
}

const compare = (op: string, value: number, valueTwo = 0) => ({ index: 0, value, valueTwo, op })
