import { errorCodeOf, findErrorCodes } from '../../lib/log/error-codes.ts'
import type { LinkFinder } from '../../lib/terminal/terminal-links.ts'
import { openErrorCodes } from './error-codes-dialog.tsx'

/** In a log's pane a code leads to what it means. */
export const errorCodeLinks: LinkFinder = {
  find: (text) => findErrorCodes(text).map(({ code, start, end }) => ({ url: code, start, end })),
  open: openErrorCodes,
  describe(code) {
    const known = errorCodeOf(code)
    return known ? `${code}, ${known.title}: ${known.meaning}` : code
  },
}
