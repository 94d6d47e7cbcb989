import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { app, dialog } from 'electron'
import type { BridgeLog } from '../bridge/serve.ts'

/** What is used of electron-updater, which checks what it downloads: the signature, on Linux the feed's SHA-512. */
export interface Updater {
  autoDownload: boolean
  autoInstallOnAppQuit: boolean
  checkForUpdates(): Promise<{
    readonly isUpdateAvailable: boolean
    readonly updateInfo: { readonly version: string }
  } | null>
  downloadUpdate(): Promise<unknown>
  quitAndInstall(): void
}

export interface Question {
  readonly message: string
  readonly detail: string
  /** The first does it, the second leaves it. Without buttons there is nothing to decide. */
  readonly buttons?: readonly [yes: string, no: string]
}

export interface UpdatesOptions {
  readonly openUpdater: () => Promise<Updater>
  readonly version: string
  /** Whether the first button was pressed. */
  readonly ask: (question: Question) => Promise<boolean>
  readonly log: BridgeLog
}

const notes = 'Apps and servers go on meanwhile, and a deploy that runs is found again afterwards.'

/** Looks for a new Hearth when the user asks, and downloads and installs one only when the user says so to each. */
export class Updates {
  readonly #options: UpdatesOptions
  #isRunning = false

  constructor(options: UpdatesOptions) {
    this.#options = options
  }

  /** Asked for twice, it goes on with the first. */
  async check(): Promise<void> {
    if (this.#isRunning) return
    this.#isRunning = true
    try {
      await this.#offer()
    } catch (error) {
      this.#options.log.error('An update failed', error)
      const detail = `${error instanceof Error ? error.message.split('\n')[0] : error}\n\nNothing was changed.`
      await this.#options.ask({ message: 'Hearth could not be updated', detail })
    } finally {
      this.#isRunning = false
    }
  }

  async #offer(): Promise<void> {
    const { openUpdater, version, ask } = this.#options
    const updater = await openUpdater()
    Object.assign(updater, { autoDownload: false, autoInstallOnAppQuit: false })
    const found = await updater.checkForUpdates()
    if (!found?.isUpdateAvailable) {
      await ask({ message: 'This is the newest Hearth', detail: `Version ${version}.` })
      return
    }
    const next = found.updateInfo.version
    const offer = { message: `Hearth ${next} is there`, detail: `You have ${version}.` }
    if (!(await ask({ ...offer, buttons: ['Download', 'Not now'] }))) return
    await updater.downloadUpdate()
    const ready = { message: `Hearth ${next} is downloaded`, detail: notes }
    if (await ask({ ...ready, buttons: ['Restart and install', 'Later'] })) updater.quitAndInstall()
  }
}

/** Null where nothing can be updated: a checkout, or an installer that was made without a feed. */
export function findUpdates(log: BridgeLog): Updates | null {
  if (!app.isPackaged || !existsSync(join(process.resourcesPath, 'app-update.yml'))) return null
  return new Updates({ openUpdater, version: app.getVersion(), ask, log })
}

/** Loaded when it is asked for: most starts need none of it. */
async function openUpdater(): Promise<Updater> {
  const { default: updater } = await import('electron-updater')
  return updater.autoUpdater
}

async function ask({ message, detail, buttons }: Question): Promise<boolean> {
  const choices = buttons ? { buttons: [...buttons], defaultId: 0, cancelId: 1 } : {}
  const { response } = await dialog.showMessageBox({ type: 'info', message, detail, ...choices })
  return buttons !== undefined && response === 0
}
