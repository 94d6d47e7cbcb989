/** `sha256:` and digits in which a person still tells two archives apart. */
const shortDigest = 'sha256:'.length + 12
const shortCommit = 12

/**
 * What a buildpack from elsewhere is today: its commit or its archive's digest, whether that moved since the app's last build, and how
 * to hold on to it.
 */
export function describePin(reference: string, pin: string, before: string | undefined): string {
  const [, ref] = /#(.+)$/.exec(reference) ?? []
  const isArchive = pin.startsWith('sha256:')
  const short = (one: string) => one.slice(0, isArchive ? shortDigest : shortCommit)
  if (ref !== undefined && ref.length >= 7 && pin.startsWith(ref)) return `Pinned to the commit ${short(pin)}`
  const name = isArchive
    ? `Its archive is ${short(pin)}`
    : `${ref ?? 'Its default branch'} is at the commit ${short(pin)}`
  const moved = before === undefined || before === pin ? '' : `, and was ${short(before)} in the last build`
  if (isArchive) return name + moved
  return `${name}${moved}\nTo stay with that one: ${reference.replace(/#.*$/, '')}#${pin}`
}
