/** An address with `*` for any text without a slash, `**` for any text: `/assets/**`. */
export function isPattern(pattern: string): boolean {
  return pattern.startsWith('/')
}

/** Whether it stands for the whole path. */
export function fitsPattern(pattern: string, pathname: string): boolean {
  // Split first, so that nothing of the pattern but its stars has a meaning.
  const parts = pattern.split(/(\*\*\/?|\*)/).map((part) => {
    if (part === '*') return '[^/]*'
    // `/docs/**/x` is /docs/x too.
    if (part.startsWith('**')) return part.endsWith('/') ? '(?:.*/)?' : '.*'
    return part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  })
  return new RegExp(`^${parts.join('')}$`, 's').test(pathname)
}
