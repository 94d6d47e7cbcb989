import { z } from 'zod'

/** Counts up within an app; a segment keeps its number for as long as it is kept. */
const segmentId = z.number().int().positive()

/**
 * The older lines of an app's log, in segments of some thousand lines, oldest first. About 32 MB of them are kept for each app,
 * packed to a tenth or so; the oldest go first. A flood leaves lines out, and the line in their place says how many.
 */
export const logHistory = z.strictObject({
  segments: z.array(
    z.strictObject({
      id: segmentId,
      /** When its first line was written, as it stands before that line. */
      since: z.string(),
      /** The last segment is being written, and may have more when it is read. */
      lines: z.number().int().min(0),
    }),
  ),
})
export type LogHistory = z.infer<typeof logHistory>

export const logSegment = z.strictObject({
  id: segmentId,
  /** Its lines as a log session gives them, each with its newline. */
  text: z.string(),
})
export type LogSegment = z.infer<typeof logSegment>

/** What to look for in the history; with no text, the lines that the filter names. */
export const logSearch = z.strictObject({
  /**
   * Words, or phrases in quotes, that a line has to have all of; what stands after a minus it must not have. Large and small
   * letters are the same: `timeout "POST /api" -healthz`.
   */
  text: z.string().max(1000),
  source: z.enum(['app', 'heroku']).optional(),
  /** A dyno's name or a process type. */
  dyno: z
    .string()
    .regex(/^[-\w.]{1,200}$/, 'must be the name of a dyno or a process type')
    .optional(),
  /** Only in segments before this one: `before` of the last answer. */
  before: segmentId.optional(),
})
export type LogSearch = z.infer<typeof logSearch>

export const logMatches = z.strictObject({
  /** Newest segment first, and of each its lines counted from 0. */
  found: z.array(z.strictObject({ segment: segmentId, lines: z.array(z.number().int().min(0)) })),
  /** Older lines have not been looked at yet: to be asked for next. Null when all have. */
  before: segmentId.nullable(),
})
export type LogMatches = z.infer<typeof logMatches>
