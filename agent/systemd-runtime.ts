import { join } from 'node:path'
import { createBuilds } from './builds/builds.ts'
import { keepReserve } from './builds/disk-reserve.ts'
import { openRootSandbox, openSystemdSandbox } from './builds/sandbox/systemd-sandbox.ts'
import { type AgentConfig, readBuildEnvironment } from './config.ts'
import { cnbStack, containerStack } from './core/builds/image-reference.ts'
import { openGit } from './git-runtime.ts'
import type { Journal } from './journal.ts'
import { Podman } from './podman/podman.ts'
import { openPodmanPackages } from './podman/podman-packages.ts'
import { findBuildpacks } from './process-runtime.ts'
import type { Runtime } from './runtime.ts'
import { openStacks } from './stack/stacks.ts'
import { openBuildNetwork } from './systemd/network/build-network.ts'
import { ServerNetwork } from './systemd/network/server-network.ts'
import { unitLog } from './systemd/operator-log.ts'
import { routerUnit } from './systemd/router-unit.ts'
import { SystemdRunner } from './systemd/systemd-runner.ts'

/** In every stack; with the server's own authorities, which are carried into it. */
const certificates = '/etc/ssl/certs/ca-certificates.crt'
/** Of programs that trust a list of their own unless they are told. */
const certificateVariables = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'PIP_CERT', 'REQUESTS_CA_BUNDLE']

/** A server: dynos and builds are units over the stack, and the router is a unit of its own. */
export async function openSystemdRuntime(config: AgentConfig, journal: Journal): Promise<Runtime> {
  const at = (name: string) => join(config.stateDirectory, name)
  const note = (message: string) => journal.note(message.trimEnd())
  const directories = { stackDirectory: at('stacks'), layerDirectory: at('layers') }
  // Usually there, made by the installer.
  const { registryUrl, mirrors, stackArchives: archives } = config
  const requireFree = keepReserve(config)
  const stacks = await openStacks(
    { ...directories, registryUrl, mirrors, archives, requireFree },
    { output: note, signal: new AbortController().signal },
  )
  const network = new ServerNetwork({ folder: config.runDirectory, note })
  const git = await openGit(config, journal)
  const openNetworkOfBuilds = () =>
    openBuildNetwork(network, [placeOf(config.registryUrl), ...config.buildDestinations])
  const engine = new Podman(join(config.runDirectory, 'podman'))
  const builds = await createBuilds({
    stateDirectory: config.stateDirectory,
    buildpackDirectory: findBuildpacks(),
    sandbox: await openSystemdSandbox({ buildDirectory: at('builds'), openNetwork: openNetworkOfBuilds }),
    images: {
      sandbox: openRootSandbox(openNetworkOfBuilds),
      defaultBuilder: config.defaultBuilder,
      systemCalls: engine.systemCalls,
      require: () => engine.require(),
    },
    stacks,
    commits: git,
    limits: config.buildLimits,
    allowsOwnAddresses: false,
    environment: {
      ...readBuildEnvironment(),
      ...Object.fromEntries(certificateVariables.map((name) => [name, certificates])),
      npm_config_registry: config.registryUrl,
    },
    log: note,
  })
  const runner = new SystemdRunner({
    runFolder: config.runDirectory,
    stateFolder: config.stateDirectory,
    network,
    engine,
    onError: (error) => journal.error('A dyno could not be looked after', error),
  })
  return {
    runner,
    builder: builds.builder,
    slugs: builds.slugs,
    sources: builds.sources,
    git,
    routerKeeper: routerUnit,
    routerPort: () => config.routerPort,
    containers: openPodmanPackages(engine, join(config.runDirectory, 'podman-install.log')),
    operatorLog: unitLog,
    stacks: [...stacks.names, containerStack, cnbStack],
    async close() {
      await git.close()
      await builds.close()
      await network.close()
    },
  }
}

function placeOf(url: string): { host: string; port: number } {
  const { hostname, port, protocol } = new URL(url)
  return { host: hostname, port: port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port) }
}
