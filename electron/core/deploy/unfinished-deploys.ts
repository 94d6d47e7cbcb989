import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { identify, isRunning } from '../embedded/process-lock.ts'
import { readJsonFile, writeJsonFile } from '../json-file.ts'
import { deployStages } from './deploy-state.ts'

const count = z.strictObject({ total: z.number(), sent: z.number() })

/** What it takes to find a deploy again after the desktop has ended in its middle. */
const unfinishedDeploy = z.strictObject({
  id: z.string().regex(/^[0-9a-f-]{36}$/),
  serverId: z.string(),
  appName: z.string(),
  /** Empty before the app was found. */
  appId: z.string(),
  stage: z.enum(deployStages),
  startedAt: z.string(),
  stageMs: z.partialRecord(z.enum(deployStages), z.number()),
  files: count,
  bytes: count,
  /** The source's URL once all of it is on the server; the build that was made of it is found by that. */
  source: z.string().nullable(),
  build: z.string().nullable(),
})
export type UnfinishedDeploy = z.infer<typeof unfinishedDeploy>

const file = z.strictObject({
  deploy: unfinishedDeploy,
  /** Whose it is while that process runs; null once it was left to whoever comes next. */
  owner: z.strictObject({ pid: z.number().int().positive(), started: z.string().nullable() }).nullable(),
})

/** Deploys that run, a file each, from their start to their end. */
export class UnfinishedDeploys {
  readonly #directory: string
  readonly #owner = identify(process.pid)

  constructor(directory: string) {
    this.#directory = directory
  }

  async note(deploy: UnfinishedDeploy): Promise<void> {
    await writeJsonFile(this.#path(deploy.id), { deploy, owner: await this.#owner })
  }

  /** For the desktop after this one, also when that is the same process. */
  async leave(deploy: UnfinishedDeploy): Promise<void> {
    await writeJsonFile(this.#path(deploy.id), { deploy, owner: null })
  }

  async forget(id: string): Promise<void> {
    await rm(this.#path(id), { force: true })
  }

  /** Those whose desktop is gone; what another desktop of this user is doing now is left to it. */
  async findLeft(): Promise<UnfinishedDeploy[]> {
    const names = await readdir(this.#directory).catch(() => [])
    const left: UnfinishedDeploy[] = []
    for (const name of names.filter((one) => one.endsWith('.json'))) {
      const { value } = await readJsonFile(join(this.#directory, name), file)
      if (value && !(value.owner && (await isRunning(value.owner)))) left.push(value.deploy)
    }
    return left.sort((a, b) => a.startedAt.localeCompare(b.startedAt))
  }

  #path(id: string): string {
    return join(this.#directory, `${id}.json`)
  }
}
