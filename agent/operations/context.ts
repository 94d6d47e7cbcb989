import type { People } from './access/people.ts'
import type { PlatformPorts } from './platform.ts'
import type { AppTurns } from './runtime/app-turns.ts'
import type { Background } from './runtime/background.ts'
import type { BuildQueue } from './runtime/builds/build-queue.ts'
import type { Pushes } from './runtime/builds/pushes.ts'
import type { SlugDownloads } from './runtime/builds/slug-downloads.ts'
import type { CertificateWork } from './runtime/domains/certificate-work.ts'
import type { Challenges } from './runtime/domains/challenges.ts'
import type { DomainChecks } from './runtime/domains/domain-checks.ts'
import type { DynoSupervisor } from './runtime/dynos/dyno-supervisor.ts'
import type { Terminals } from './runtime/dynos/terminals.ts'
import type { EventHub } from './runtime/event-hub.ts'
import type { LogDrains } from './runtime/logs/log-drains.ts'
import type { LogSessions } from './runtime/logs/log-sessions.ts'
import type { Outputs } from './runtime/logs/outputs.ts'
import type { RateLimits } from './runtime/rate-limits.ts'
import type { CustomPages } from './runtime/routing/custom-pages.ts'
import type { DefaultHostnames } from './runtime/routing/default-hostnames.ts'
import type { Routes } from './runtime/routing/routes.ts'
import type { PodmanInstallation } from './runtime/server/podman-installation.ts'
import type { ServerWarning } from './runtime/server/server-warning.ts'
import type { WebhookDeliveries } from './runtime/webhooks/webhook-deliveries.ts'
import type { PlatformSettings } from './settings.ts'

/** What every operation works with. */
export interface Context extends Omit<PlatformPorts, 'settings'> {
  readonly people: People
  readonly settings: PlatformSettings
  readonly background: Background
  readonly turns: AppTurns
  readonly events: EventHub
  readonly outputs: Outputs
  readonly routes: Routes
  readonly customPages: CustomPages
  readonly challenges: Challenges
  readonly defaultNames: DefaultHostnames
  readonly domainChecks: DomainChecks
  readonly certificateWork: CertificateWork
  readonly dynos: DynoSupervisor
  readonly terminals: Terminals
  readonly builds: BuildQueue
  readonly podman: PodmanInstallation
  readonly pushes: Pushes
  readonly logSessions: LogSessions
  readonly logDrains: LogDrains
  readonly webhooks: WebhookDeliveries
  readonly slugDownloads: SlugDownloads
  readonly rateLimits: RateLimits
  readonly warning: ServerWarning
}

/** The time now, as rows hold it. */
export function timestamp(context: Pick<Context, 'clock'>): string {
  return new Date(context.clock.now()).toISOString()
}
