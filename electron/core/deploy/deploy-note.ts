import type { DeployProgress } from './deploy-state.ts'
import type { UnfinishedDeploy, UnfinishedDeploys } from './unfinished-deploys.ts'

export interface DeployNoteOptions {
  readonly progress: DeployProgress
  /** Without it nothing is noted: a deploy is forgotten when the desktop ends. */
  readonly unfinished: UnfinishedDeploys | undefined
  readonly onError: (message: string, error: unknown) => void
}

/** What the desktop after this one would have to know of a deploy, kept up to date while it runs. */
export class DeployNote {
  /** The source's URL once all of it is on the server. */
  source: string | null = null
  build: string | null = null
  readonly #options: DeployNoteOptions
  #written: Promise<void> = Promise.resolve()

  constructor(options: DeployNoteOptions) {
    this.#options = options
  }

  /** Resolves once the note is on the disk. One after the other, so that the last word is the newest. */
  write(): Promise<void> {
    return this.#put((unfinished, note) => unfinished.note(note))
  }

  /** This desktop closes, and the server goes on: the next one finds it. */
  leave(): Promise<void> {
    return this.#put((unfinished, note) => unfinished.leave(note))
  }

  #put(write: (unfinished: UnfinishedDeploys, note: UnfinishedDeploy) => Promise<void>): Promise<void> {
    const { progress, unfinished, onError } = this.#options
    if (!unfinished) return this.#written
    const { id, serverId, appName, appId, stage, startedAt, stageMs, files, bytes } = progress.deploy
    const known = { id, serverId, appName, appId, stage, startedAt, stageMs, files, bytes }
    const note = { ...known, source: this.source, build: this.build }
    this.#written = this.#written
      .then(() => write(unfinished, note))
      .catch((error) => onError('A deploy could not be noted; it is forgotten if Hearth ends now', error))
    return this.#written
  }

  async forget(): Promise<void> {
    const { progress, unfinished, onError } = this.#options
    await this.#written
    await unfinished
      ?.forget(progress.deploy.id)
      .catch((error) => onError('The note on a finished deploy could not be removed', error))
  }
}
