import { z } from 'zod'
import { timestamp } from '../../agent/contract/common.ts'
import { call, stream } from './define.ts'

/** `https` leads through this computer, `ssh` straight to the server. */
export const remoteForm = z.enum(['https', 'ssh'])
export type RemoteForm = z.infer<typeof remoteForm>

/** How the heroku client and git on this computer reach a server. */
export const clientAccess = z.strictObject({
  /** `http://127.0.0.1:8801` */
  address: z.string(),
  /** The port before, which another program has taken since. */
  movedFrom: z.number().int().nullable(),
  /** False while no Hearth serves the address: something else must be wrong with it. */
  isServed: z.boolean(),
  /** Whether a client was found on this computer. */
  hasHeroku: z.boolean(),
  /** Opens the same terminal as the window's, from another one. */
  shellCommand: z.string(),
  token: z.strictObject({
    createdAt: timestamp,
    lastUse: z.strictObject({ at: timestamp, serverId: z.string(), client: z.string() }).nullable(),
  }),
})
export type ClientAccess = z.infer<typeof clientAccess>

/** What was done to a folder, word for word. */
export const addedRemote = z.strictObject({
  /** For `git.undoRemote`. */
  id: z.string(),
  folder: z.string(),
  name: z.string(),
  url: z.string(),
  replaced: z.string().nullable(),
  commands: z.array(z.string()),
  notes: z.array(z.string()),
  undo: z.array(z.string()),
})
export type AddedRemote = z.infer<typeof addedRemote>

const server = { serverId: z.string() }
const target = { ...server, app: z.string().min(1) }
const terminal = { terminalId: z.string().min(1) }
const size = { columns: z.number().int().min(1).max(1000), rows: z.number().int().min(1).max(1000) }

export const calls = {
  'client.get': call(z.strictObject(server), clientAccess),
  /** The environment as a shell reads it. It holds the token: ask when the user wants to copy it. */
  'client.environment': call(
    z.strictObject({ ...server, app: z.string().nullable(), syntax: z.enum(['sh', 'fish', 'powershell']) }),
    z.strictObject({ text: z.string() }),
  ),
  /** Makes another token; the old one is refused from then on, and what it had opened is closed. */
  'client.revokeToken': call(z.strictObject({}), z.strictObject({})),
  /** An app's addresses for git, and the folder that it was deployed from last. */
  'git.get': call(
    z.strictObject(target),
    z.strictObject({
      addresses: z.array(z.strictObject({ form: remoteForm, url: z.string() })),
      lastFolder: z.string().nullable(),
    }),
  ),
  'git.addRemote': call(
    z.strictObject({ ...target, folder: z.string().min(1), name: z.string(), form: remoteForm }),
    addedRemote,
  ),
  'git.undoRemote': call(z.strictObject({ id: z.string() }), z.strictObject({})),
  /** Which branches a repository has: a folder of this computer, or an address with https, ssh or file. Asks there. */
  'git.branches': call(
    z.strictObject({ location: z.string().min(1) }),
    z.strictObject({
      url: z.string(),
      name: z.string(),
      branches: z.array(z.strictObject({ name: z.string(), commit: z.string() })),
      defaultBranch: z.string().nullable(),
    }),
  ),
  /** Fetches the newest commit of a branch and writes its files to a folder of Hearth, for `deploys.*`. */
  'git.checkOut': call(
    z.strictObject({ location: z.string().min(1), branch: z.string().min(1) }),
    z.strictObject({
      checkoutId: z.string(),
      name: z.string(),
      branch: z.string(),
      commit: z.string(),
      /** First line of the commit's message. */
      subject: z.string(),
    }),
  ),
  'shells.resize': call(z.strictObject({ ...terminal, ...size }), z.strictObject({})),
} as const

export const streams = {
  /**
   * A shell of this computer, in which the heroku client and git speak to a server. Which program, where and with what
   * environment is the main side's to decide.
   */
  'shells.open': stream(
    z.strictObject({ ...server, app: z.string().nullable(), ...terminal, ...size }),
    z.strictObject({ exitCode: z.number().int() }),
  ),
} as const
