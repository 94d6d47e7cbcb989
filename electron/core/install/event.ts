/** What an installation tells while it goes on; the bridge's `installEvent` is its schema. */
export type InstallEvent =
  | { readonly kind: 'check'; readonly check: PreflightCheck }
  | { readonly kind: 'plan'; readonly steps: string[] }
  | {
      readonly kind: 'step'
      readonly step: string
      readonly state: 'running' | 'done' | 'failed' | 'skipped'
      readonly durationMs: number | null
      readonly message: string | null
    }
  | { readonly kind: 'progress'; readonly step: string; readonly done: number; readonly total: number }
  | { readonly kind: 'output'; readonly text: string }

export interface PreflightCheck {
  readonly name: string
  readonly state: 'passed' | 'warning' | 'failed'
  readonly found: string
  /** What to do about it; null when it passed. */
  readonly remedy: string | null
}

export type Report = (event: InstallEvent) => void
