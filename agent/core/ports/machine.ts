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
  readonly stack: { readonly id: string; readonly name: string }
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
  readonly cpu: { readonly cores: number; readonly load1m: number }
  readonly disk: { readonly totalBytes: number; readonly freeBytes: number; readonly reserveBytes: number }
  /** An update of the system waits for a reboot. */
  readonly needsReboot: boolean
}

export interface Machine {
  readonly facts: MachineFacts
  measure(): Promise<MachineFigures>
}
