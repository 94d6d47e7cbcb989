import type { TerminalKind } from '../../../contract/dynos/terminal.ts'
import type { Secret } from '../../secret.ts'
import type { ImageRuntime, SlugTree } from '../builds/slug-store.ts'

/** What one dyno may use. */
export interface DynoLimits {
  /** What its size grants; more is told to its owner (R14). */
  readonly memoryBytes: number
  /** At this much it is ended (R15). */
  readonly memoryMaximumBytes: number
  /** Relative share of CPU under contention; 100 is the standard size's. */
  readonly cpuWeight: number
  readonly maximumTasks: number
}

/** Everything that is needed to start one dyno. */
export interface DynoSpec {
  /** New for every start, so that an old and a new `web.1` can run side by side during a deploy. A UUID. */
  readonly id: string
  readonly app: { readonly id: string; readonly name: string }
  /** `web.1`, `run.1234`, `release.5678` */
  readonly name: string
  readonly tree: SlugTree
  /** Its app's choice, where the runner has the choice: in a container of podman's. */
  readonly usesPodman: boolean
  /** The image of its tree that it runs in, always in a container; absent: files for /app over the stack. */
  readonly image?: ImageRuntime
  /** Run by bash in /app after /app/.profile.d/*.sh. */
  readonly command: string
  /** Config vars and the platform's own (`DYNO`, ...); the runner adds `PORT`, `HOME`, `PATH` when missing. */
  readonly environment: Secret<Readonly<Record<string, string>>>
  readonly limits: DynoLimits
  /** True for web dynos: the runner gives it a free port in `PORT`. */
  readonly listens: boolean
  /** A one-off dyno's standard streams; null is the log. */
  readonly terminal: TerminalKind | null
}

/**
 * A command inside a dyno that runs: a process beside that dyno's own, in its file system and on its network, with limits of
 * its own. From then on it is a dyno to every method; it ends with the one it is inside of, at the latest.
 */
export interface InsideSpec extends Pick<DynoSpec, 'id' | 'app' | 'name' | 'command' | 'environment' | 'limits'> {
  readonly dynoId: string
  readonly terminal: TerminalKind
}

/** Where the router and the boot check reach a dyno. */
export interface DynoAddress {
  readonly host: string
  readonly port: number
}

/** A dyno that runs. `address` is null for a dyno that does not listen. */
export interface RunningDyno {
  readonly id: string
  readonly address: DynoAddress | null
}

/** A dyno whose process runs from now on, or has run and ended already. */
export interface StartedDyno extends RunningDyno {
  /** Null when it writes to the log. */
  readonly terminal: DynoTerminal | null
}

export interface DynoExit {
  readonly id: string
  /** Exit status, or null when a signal ended it. */
  readonly status: number | null
  readonly signal: string | null
  /** The kernel ended it because it went over its memory limit (R15 of the book). */
  readonly outOfMemory: boolean
  /** The grace of `stop` was over before all its processes had ended: it, or what it had started, was killed. */
  readonly outlivedGrace?: boolean
  /** Its disk at its end, where the runner bounds it. */
  readonly disk?: DynoDisk | null
}

/** The layer that a dyno writes to. */
export interface DynoDisk {
  readonly usedBytes: number
  readonly totalBytes: number
  /** How many files more it may make. */
  readonly freeFiles: number
}

export interface DynoUsage {
  /** Without what the kernel only keeps of files until somebody needs the room. */
  readonly memoryBytes: number
  /** Of that what its programs hold themselves; the rest is files, its disk and the kernel's own. */
  readonly rssBytes: number
  /** Beside that, where the kernel can't keep dynos from the server's swap. */
  readonly swapBytes: number
  readonly cpuSeconds: number
  /** How many of its processes the kernel has ended for want of memory. */
  readonly oomKills: number
  /** Where the runner bounds it. */
  readonly disk?: DynoDisk | null
}

/** An attached one-off dyno's ends. What it writes can be read to the end after it is gone; then the streams end. */
export interface DynoTerminal {
  readonly input: WritableStream<Uint8Array>
  readonly output: ReadableStream<Uint8Array>
  /** Standard error, where it is apart. */
  readonly errors: ReadableStream<Uint8Array> | null
  resize(columns: number, rows: number): void
}

/** What happens to dynos; called in order per dyno. `onOutput` gets bytes as the dyno wrote them. */
export interface DynoListener {
  onOutput(dynoId: string, bytes: Uint8Array): void
  onExit(exit: DynoExit): void
}

/**
 * What can run a dyno: systemd units, with or without podman's containers in them, and plain processes. A dyno outlives the agent where the adapter
 * can (systemd); after a restart `open` adopts what it finds and reports exits that happened meanwhile.
 */
export interface DynoRunner {
  /** How dynos are kept apart, in words for the screen. */
  readonly sandbox: string
  /** Throws `invalid_params`, saying what to do, when it can't run dynos in podman's containers. */
  requirePodman(): Promise<void>
  /** Adopts running dynos, cleans up what dead ones left, and begins to report. */
  open(listener: DynoListener): Promise<readonly RunningDyno[]>
  /** Resolves when the process runs; it may not listen yet. Throws HearthError when it could not be started. */
  start(spec: DynoSpec): Promise<StartedDyno>
  /** The same; throws `gone` when the dyno that it is to be inside of does not run. */
  startInside(spec: InsideSpec): Promise<StartedDyno>
  /** Resolves when the dyno accepts a connection on its port; rejects when it exits before or the signal aborts. */
  waitUntilListening(dynoId: string, signal: AbortSignal): Promise<void>
  /** SIGTERM to all its processes, SIGKILL after the grace; resolves when it and its file system are gone. */
  stop(dynoId: string, graceMs: number): Promise<void>
  usage(dynoId: string): Promise<DynoUsage | null>
  /** Takes away what the app has on the server beside dynos (a user, a network). Its dynos are stopped before. */
  destroyApp(appId: string): Promise<void>
  /** Lets go of all dynos without stopping them (process adapter: stops them). */
  close(): Promise<void>
}
