export interface NamedStack {
  readonly id: string
  readonly name: string
}

/** What is known about the machine and this agent; does not change while the agent runs. */
export interface MachineFacts {
  /** The server's id, a UUID. */
  readonly id: string
  readonly name: string
  /** The agent's version. */
  readonly version: string
  /** The beginning of its program's digest; empty when it runs from source. */
  readonly digest: string
  readonly operatingSystem: string
  readonly architecture: 'x64' | 'arm64'
  readonly runner: 'systemd' | 'process'
  /** What apps can have, the server's own first. */
  readonly stacks: readonly [usual: NamedStack, ...others: NamedStack[]]
  /** ISO 8601. */
  readonly startedAt: string
  readonly router: {
    /** What a browser on the same network calls the machine; `localhost` when it is this computer. */
    readonly host: string
    readonly port: number
    /** The router's HTTP unix socket. */
    readonly socket: string
  }
}

/** Figures of now, in bytes. */
export interface MachineFigures {
  readonly memory: { readonly totalBytes: number; readonly availableBytes: number }
  /** `busySeconds`: of all cores together since the machine started. */
  readonly cpu: { readonly cores: number; readonly load1m: number; readonly busySeconds: number }
  readonly disk: {
    readonly totalBytes: number
    readonly freeBytes: number
    readonly reserveBytes: number
    /** What is wrong with it, as the end of "The disk ..."; null when it takes what is written. */
    readonly problem: string | null
  }
  /** An update of the system waits for a reboot. */
  readonly needsReboot: boolean
}

/** The folders of the state that take room, and the rest of it. */
export type DiskKind =
  | 'slugs'
  | 'layers'
  | 'stacks'
  | 'caches'
  | 'sources'
  | 'repositories'
  | 'builds'
  | 'logs'
  | 'other'

export interface MeasuredDisk {
  readonly measuredAtMs: number
  /** Bytes; empty where nothing can be measured. */
  readonly usedBy: ReadonlyMap<DiskKind, number>
}

export interface Machine {
  readonly facts: MachineFacts
  measure(): Promise<MachineFigures>
  /** Of the last ten minutes; else it is gone through now, which may take a while. */
  measureDiskUse(): Promise<MeasuredDisk>
}
