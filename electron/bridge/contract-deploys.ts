import { z } from 'zod'
import { timestamp } from '../../agent/contract/common.ts'
import { release } from '../../agent/contract/releases/release.ts'
import { call, stream } from './define.ts'

/** The folder to deploy: on this machine, or (browser shell) what was dropped and received by `uploads.receive`. */
export const folder = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('path'), path: z.string().min(1) }),
  z.strictObject({ kind: z.literal('upload'), uploadId: z.string() }),
  /** Files of a commit, from `git.checkOut`. */
  z.strictObject({ kind: z.literal('checkout'), checkoutId: z.string() }),
  /** A sample that ships with Hearth: `hello-node`. */
  z.strictObject({ kind: z.literal('sample'), name: z.string() }),
])
export type Folder = z.infer<typeof folder>

/** What a deploy would send, shown before it is sent. */
export const deployPreview = z.strictObject({
  /** A name that fits the rules, from the folder's. */
  suggestedName: z.string(),
  files: z.number().int(),
  totalBytes: z.number().int(),
  biggest: z.array(z.strictObject({ path: z.string(), sizeBytes: z.number().int() })),
  leftOut: z.array(z.strictObject({ path: z.string(), reason: z.string() })),
  /** `Node.js`, from the files; null when nothing known was found, with what to do in `warnings`. */
  language: z.string().nullable(),
  /** The built-in one that takes the folder, unless the app names others; null when none does. */
  buildpack: z.string().nullable(),
  /** The folder's files by which it takes it. */
  recognisedBy: z.array(z.string()),
  /** Buildpacks that a file of the folder asks for; they count unless the app names others. */
  asked: z.strictObject({ file: z.string(), references: z.array(z.string()) }).nullable(),
  /** Folders below that look like apps, where the top does not, or is a workspace of them. */
  projects: z.array(z.strictObject({ path: z.string(), language: z.string() })),
  processTypes: z.record(z.string(), z.string()),
  warnings: z.array(z.string()),
})
export type DeployPreview = z.infer<typeof deployPreview>

export const deployStage = z.enum(['scan', 'send', 'queue', 'build', 'release', 'done'])
export type DeployStage = z.infer<typeof deployStage>

/** A deploy as the screen shows it. */
export const deploy = z.strictObject({
  id: z.string(),
  serverId: z.string(),
  appId: z.string(),
  appName: z.string(),
  stage: deployStage,
  state: z.enum(['running', 'succeeded', 'failed', 'cancelled']),
  startedAt: timestamp,
  endedAt: timestamp.nullable(),
  /** Milliseconds per finished stage. */
  stageMs: z.partialRecord(deployStage, z.number()),
  files: z.strictObject({ total: z.number().int(), sent: z.number().int() }),
  bytes: z.strictObject({ total: z.number().int(), sent: z.number().int() }),
  /** The step of the release that runs now: `wait until they listen`. */
  step: z.string().nullable(),
  release: release.nullable(),
  url: z.string().nullable(),
  error: z.string().nullable(),
})
export type Deploy = z.infer<typeof deploy>

/** A folder of this computer whose changes are deployed to an app. */
export const watchedFolder = z.strictObject({
  path: z.string(),
  isOn: z.boolean(),
  /** `settling`: it changed, and is deployed when it is quiet. `waiting`: for what `obstacle` says. */
  state: z.enum(['off', 'watching', 'settling', 'deploying', 'waiting']),
  obstacle: z.string().nullable(),
  /** The last deploy that a change has made. */
  last: z
    .strictObject({
      at: timestamp,
      state: z.enum(['succeeded', 'failed', 'cancelled']),
      version: z.number().int().nullable(),
      error: z.string().nullable(),
    })
    .nullable(),
})
export type WatchedFolder = z.infer<typeof watchedFolder>

export const calls = {
  /** `project` is the folder in it that is the app, where it is not the whole. */
  'deploys.preview': call(z.strictObject({ folder, project: z.string().optional() }), deployPreview),
  /** Starts and returns at once; progress comes by `changes` (topic `deploys`) and `deploys.output`. */
  'deploys.start': call(z.strictObject({ serverId: z.string(), app: z.string(), folder }), deploy),
  /** The same for an image that the server can fetch from its registry: `registry.example/shop:1`. */
  'deploys.startImage': call(
    z.strictObject({ serverId: z.string(), app: z.string(), image: z.string().min(1).max(500) }),
    deploy,
  ),
  'deploys.list': call(
    z.strictObject({ serverId: z.string().optional(), app: z.string().optional() }),
    z.array(deploy),
  ),
  /** Null when the app never had one. */
  'deploys.watched': call(z.strictObject({ serverId: z.string(), app: z.string() }), watchedFolder.nullable()),
  /** Switched on, the folder's next change is deployed; not what is in it then. */
  'deploys.watch': call(
    z.strictObject({ serverId: z.string(), app: z.string(), path: z.string().min(1), isOn: z.boolean() }),
    watchedFolder.nullable(),
  ),
  'deploys.cancel': call(z.strictObject({ deployId: z.string() }), deploy),
  'uploads.create': call(z.strictObject({ name: z.string() }), z.strictObject({ uploadId: z.string() })),
} as const

export const streams = {
  /** The build's output from its start, live until it ends. */
  'deploys.output': stream(z.strictObject({ deployId: z.string() }), deploy),
  /**
   * The renderer writes files, each as: uint32 big-endian length of a JSON header, the header
   * `{path, sizeBytes, executable}`, the content.
   */
  'uploads.receive': stream(z.strictObject({ uploadId: z.string() }), z.strictObject({ files: z.number().int() })),
} as const
