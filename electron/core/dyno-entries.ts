import type { Dyno, DynoStatus } from '../../agent/contract/dynos/dyno.ts'

/** Each dyno with its status; null where it has ended between the two questions. By name where an older agent tells no ids. */
export function pairWithStatuses(
  dynos: readonly Dyno[],
  statuses: readonly DynoStatus[],
): { dyno: Dyno; status: DynoStatus | null }[] {
  return dynos.map((dyno) => {
    const status = statuses.find(({ id, name }) => (id === undefined ? name === dyno.name : id === dyno.id))
    return { dyno, status: status ?? null }
  })
}
