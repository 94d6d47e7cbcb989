import type { TerminalKind } from '../../../contract/dynos/terminal.ts'
import type { ImageRuntime } from '../builds/slug-store.ts'

/** What a dyno's container is put together from. Its limits and its standard streams are those of the dyno's unit. */
export interface ContainerPlace {
  /** The dyno's. */
  readonly id: string
  readonly hostName: string
  /** Of user and group. */
  readonly uid: number
  readonly rootDirectory: string
  readonly networkNamespacePath: string
  /** The dyno's, on the server, where nobody else may look. */
  readonly folder: string
  /** Its root is that of an image, whose programs need not even have a shell. */
  readonly image?: ContainerImage
}

/** An image's root, and what it is lent: an image may have no shell, and its hosts are nobody's. */
export interface ContainerImage extends Pick<ImageRuntime, 'directory' | 'uid'> {
  /** A root file system with bash. */
  readonly stackDirectory: string
  /** Holds `etc/hosts` and `etc/resolv.conf`. */
  readonly identityDirectory: string
}

/** What there is to know of a dyno to run something inside of it. */
export interface InsidePlace extends Pick<ContainerPlace, 'id' | 'uid' | 'folder'> {
  readonly image?: Pick<ImageRuntime, 'directory' | 'uid'>
}

/** A command that becomes a dyno of its own, or runs inside one. */
export interface ContainerCommand {
  /** The dyno's. */
  readonly id: string
  /** Run by bash in /app after /app/.profile.d/*.sh, or in the image's directory. */
  readonly command: string
  /** The whole of it. */
  readonly environment: Readonly<Record<string, string>>
  readonly terminal: TerminalKind | null
}

/** What a unit runs to have a container, or something inside of one. Nothing secret stands in it. */
export interface EngineCommand {
  readonly command: readonly [program: string, ...parameters: string[]]
  readonly environment: Readonly<Record<string, string>>
  /** It tells systemd when the dyno runs and which of its processes to wait for, and ends itself. */
  readonly tellsStart: boolean
}

/** What runs dynos in containers, each as the content of a unit: podman. */
export interface ContainerEngine {
  /** Throws `invalid_params`, saying what to do, when this server can't run containers. */
  require(): Promise<void>
  /** Lays down what the container needs to start, and says how. */
  prepare(place: ContainerPlace, command: ContainerCommand): Promise<EngineCommand>
  /** The same for a command inside of a container. */
  prepareInside(place: InsidePlace, command: ContainerCommand): Promise<EngineCommand>
  /** systemd knows that it runs: from then on it may end. */
  confirm(folder: string): Promise<void>
  /** Forgets the container of a dyno that has ended. */
  remove(dynoId: string): Promise<void>
}
