import { z } from 'zod'
import { configVarName } from '../apps/config-vars.ts'
import { appReference, id, processType, timestamp } from '../common.ts'
import { maximumSize } from './terminal.ts'

export const dynoState = z.enum(['starting', 'up', 'idle', 'crashed', 'down'])
export type DynoState = z.infer<typeof dynoState>

export const dyno = z.strictObject({
  /**
   * Opens a one-off dyno's terminal, once; told to who created it, and null everywhere else. The dyno is `starting` until
   * then: its process begins when its terminal is opened, and it is forgotten when nobody does so within a minute.
   */
  attach_url: z.string().nullable(),
  command: z.string(),
  created_at: timestamp,
  id,
  /** `web.1`, or `run.1234` for a one-off dyno. */
  name: z.string(),
  release: z.strictObject({ id, version: z.number().int() }),
  app: appReference,
  size: z.string(),
  state: dynoState,
  type: z.string(),
  /** When `state` last changed. */
  updated_at: timestamp,
})
export type Dyno = z.infer<typeof dyno>

/** The stock client sends `COLUMNS` and `LINES` as numbers. */
const dynoEnvironment = z.record(configVarName, z.union([z.string().max(65_536), z.number().transform(String)]))

/**
 * A one-off dyno. With `attach` it waits for its terminal at `attach_url`; without, it starts at once and its output goes to
 * the log. While a release is on its way the answer waits for it, at most 40 seconds after that one was made.
 */
export const dynoCreate = z.strictObject({
  attach: z.boolean().optional(),
  command: z.string().min(1).max(32_768),
  /** Added to the config vars for this dyno; `TERM`, `COLUMNS` and `LINES` set the terminal. */
  env: dynoEnvironment.optional(),
  /** True gives pipes instead of a terminal to who opens it without the header `hearth-terminal`. */
  force_no_tty: z.boolean().nullable().optional(),
  size: z.string().optional(),
  type: processType.optional(),
  /** Seconds after which the dyno is stopped. */
  time_to_live: z.number().int().min(1).max(86_400).optional(),
})
export type DynoCreate = z.infer<typeof dynoCreate>

/**
 * A command inside a dyno that runs, which waits for its terminal as an attached one-off dyno does. The answer is a one-off
 * dyno of its own, to be stopped and resized by its own id; it has the other's files, network and environment, and
 * ends with it at the latest.
 */
export const dynoRunInside = z.strictObject({
  attach: z.literal(true).optional(),
  command: dynoCreate.shape.command,
  /** Added to the dyno's environment. */
  env: dynoCreate.shape.env,
  force_no_tty: dynoCreate.shape.force_no_tty,
})
export type DynoRunInside = z.infer<typeof dynoRunInside>

/** Extension: the terminal of an attached one-off dyno changed its size. */
export const dynoResize = z.strictObject({
  columns: z.number().int().min(1).max(maximumSize),
  rows: z.number().int().min(1).max(maximumSize),
})
export type DynoResize = z.infer<typeof dynoResize>

/** Extension: what a dyno uses now and why it is in its state. */
export const dynoStatus = z.strictObject({
  /** Its dyno's; during a deploy two have one name. An older agent does not tell. */
  id: id.optional(),
  name: z.string(),
  state: dynoState,
  /**
   * A plain sentence: "exited with status 1", "did not listen on $PORT within 60 s (R10)". Of one that was started again after a crash and
   * is well, how that one ended: "was started again: it exited with status 1". Otherwise null when all is well.
   */
  reason: z.string().nullable(),
  restarts: z.number().int(),
  memory_bytes: z.number().int().nullable(),
  memory_limit_bytes: z.number().int().nullable(),
  /** CPU seconds used since it started. */
  cpu_seconds: z.number().nullable(),
  since: timestamp,
})
export type DynoStatus = z.infer<typeof dynoStatus>
