import type { Builder } from './core/ports/builds/builder.ts'
import type { SlugStore } from './core/ports/builds/slug-store.ts'
import type { SourceStore } from './core/ports/builds/source-store.ts'
import type { StackStore } from './core/ports/builds/stack-store.ts'
import type { ContainerHost } from './core/ports/dynos/container-host.ts'
import type { DynoRunner } from './core/ports/dynos/dyno-runner.ts'
import type { GitRepositories } from './core/ports/git-repositories.ts'
import type { OperatorLog } from './core/ports/logs/operator-log.ts'
import type { RouterKeeper } from './core/ports/routing/router-keeper.ts'

/** What differs between a server and the embedded one: how dynos run and builds are kept apart. */
export interface Runtime {
  readonly runner: DynoRunner
  readonly builder: Builder
  readonly slugs: SlugStore
  readonly sources: SourceStore
  readonly git: GitRepositories
  readonly routerKeeper: RouterKeeper
  /** Where the router takes HTTP on this machine now. */
  routerPort(): number
  /** Null on the embedded server. */
  readonly containers: ContainerHost | null
  readonly operatorLog: OperatorLog
  /** Names of the stacks that apps can have, the server's own first: `debian-12`, `local`. */
  readonly stacks: StackStore['names']
  /** After the agent has let go of its dynos. */
  close(): Promise<void>
}
