import type { Release } from '../../../agent/contract/releases/release.ts'

export const deployStages = ['scan', 'send', 'queue', 'build', 'release', 'done'] as const
export type DeployStage = (typeof deployStages)[number]

/** A deploy as the screen shows it. */
export interface Deploy {
  id: string
  serverId: string
  appId: string
  appName: string
  stage: DeployStage
  state: 'running' | 'succeeded' | 'failed' | 'cancelled'
  startedAt: string
  endedAt: string | null
  /** Milliseconds per finished stage. */
  stageMs: Partial<Record<DeployStage, number>>
  /** What had to be sent, and what was. */
  files: { total: number; sent: number }
  bytes: { total: number; sent: number }
  step: string | null
  release: Release | null
  url: string | null
  error: string | null
}

/** The state of one deploy and its clock. Stages only go forward. */
export class DeployProgress {
  readonly #deploy: Deploy
  readonly #onChange: () => void
  #stageBegan = performance.now()

  /** `start` may be what was known of a deploy that another core had begun. */
  constructor(start: Pick<Deploy, 'id' | 'serverId' | 'appName'> & Partial<Deploy>, onChange: () => void) {
    this.#onChange = onChange
    this.#deploy = {
      appId: '',
      stage: 'scan',
      state: 'running',
      startedAt: new Date().toISOString(),
      endedAt: null,
      stageMs: {},
      files: { total: 0, sent: 0 },
      bytes: { total: 0, sent: 0 },
      step: null,
      release: null,
      url: null,
      error: null,
      ...start,
    }
    // A stage that began before we did has taken as long already.
    const finishedMs = Object.values(this.#deploy.stageMs).reduce((sum, ms) => sum + ms, 0)
    this.#stageBegan -= Math.max(0, Date.now() - Date.parse(this.#deploy.startedAt) - finishedMs)
  }

  get deploy(): Deploy {
    return structuredClone(this.#deploy)
  }

  /** False when it is there already, or further on. */
  enter(stage: DeployStage): boolean {
    if (deployStages.indexOf(stage) <= deployStages.indexOf(this.#deploy.stage)) return false
    this.#closeStage()
    this.set({ stage })
    return true
  }

  set(change: Partial<Deploy>): void {
    if (this.#deploy.state !== 'running') return
    Object.assign(this.#deploy, change)
    this.#onChange()
  }

  end(state: 'succeeded' | 'failed' | 'cancelled', change: Partial<Deploy> = {}): void {
    if (state === 'succeeded') this.enter('done')
    else this.#closeStage()
    this.set({ ...change, state, step: null, endedAt: new Date().toISOString() })
  }

  #closeStage(): void {
    const now = performance.now()
    this.#deploy.stageMs[this.#deploy.stage] = Math.round(now - this.#stageBegan)
    this.#stageBegan = now
  }
}
