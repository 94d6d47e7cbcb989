import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createBuilds } from './builds/builds.ts'
import { openProcessSandbox } from './builds/sandbox/process-sandbox.ts'
import { type AgentConfig, paths, readBuildEnvironment, readEnvironment } from './config.ts'
import { openGit } from './git-runtime.ts'
import type { Journal } from './journal.ts'
import { ProcessRunner } from './process/process-runner.ts'
import { RouterProcess } from './process/router-process.ts'
import type { Runtime } from './runtime.ts'
import { openLocalStacks } from './stack/local-stack.ts'

/** The embedded server: dynos and builds are processes of this machine, and the router is a child too. */
export async function openProcessRuntime(config: AgentConfig, journal: Journal): Promise<Runtime> {
  const router = new RouterProcess({
    command: [process.execPath, ...process.execArgv, process.argv[1] ?? '', 'router', ...routerParameters(config)],
    environment: readEnvironment(),
    port: config.routerPort,
    portRecord: paths.routerPort(config),
    note: (message) => journal.note(message),
  })
  // Beside what follows: most of it is waiting.
  const opening = router.open()
  opening.catch(() => {})
  const { registryUrl, mirrors } = config
  const stacks = openLocalStacks({ directory: join(config.stateDirectory, 'layers'), registryUrl, mirrors })
  const git = await openGit(config, journal)
  const builds = await createBuilds({
    stateDirectory: config.stateDirectory,
    buildpackDirectory: findBuildpacks(),
    sandbox: await openProcessSandbox({
      hiddenDirectories: [config.stateDirectory, config.keyDirectory, config.runDirectory],
    }),
    stacks,
    commits: git,
    limits: config.buildLimits,
    // Apps reach what listens on this computer anyway.
    allowsOwnAddresses: true,
    environment: readBuildEnvironment(),
    log: (message) => journal.note(message),
  })
  await opening
  return {
    routerPort: () => router.port,
    runner: new ProcessRunner({ folder: join(config.runDirectory, 'dynos') }),
    builder: builds.builder,
    slugs: builds.slugs,
    sources: builds.sources,
    git,
    routerKeeper: router,
    containers: null,
    // The desktop keeps what its agent prints, and reads it there.
    operatorLog: { read: async () => ({ units: [], journal: '' }) },
    stacks: stacks.names,
    async close() {
      await git.close()
      await builds.close()
      await router.close()
    },
  }
}

function routerParameters(config: AgentConfig): string[] {
  return [
    ...['--runner', 'process', '--with-parent'],
    ...['--run', config.runDirectory],
    ...['--router-directory', config.routerDirectory],
    ...(config.routerTlsPort === undefined ? [] : ['--router-tls-port', String(config.routerTlsPort)]),
  ]
}

/** Beside the bundle; from source, beside agent/. */
export function findBuildpacks(): string {
  const beside = join(import.meta.dirname, 'buildpacks')
  return existsSync(beside) ? beside : join(import.meta.dirname, '..', 'buildpacks')
}
