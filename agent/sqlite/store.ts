import type { Store } from '../core/ports/store.ts'
import { Cipher } from './cipher.ts'
import { Database } from './database.ts'
import { openAccounts } from './tables/accounts.ts'
import { openActivity } from './tables/activity.ts'
import { openAppSetups } from './tables/app-setups.ts'
import { openApps } from './tables/apps.ts'
import { openAutomatedDomains } from './tables/automated-domains.ts'
import { openBuildpacks } from './tables/buildpacks.ts'
import { openBuilds } from './tables/builds.ts'
import { openCertificates } from './tables/certificates.ts'
import { openConfigVars } from './tables/config-vars.ts'
import { openDomains } from './tables/domains.ts'
import { openDynos } from './tables/dynos.ts'
import { openFormations } from './tables/formations.ts'
import { openLogDrains } from './tables/log-drains.ts'
import { openNewSlugs } from './tables/new-slugs.ts'
import { openOutputs } from './tables/outputs.ts'
import { openPeople } from './tables/people.ts'
import { openReleases } from './tables/releases.ts'
import { openRepositories } from './tables/repositories.ts'
import { openSlugs } from './tables/slugs.ts'
import { openWebhookDeliveries } from './tables/webhook-deliveries.ts'
import { openWebhooks } from './tables/webhooks.ts'

/** Opens the agent's state. `configKey` (32 bytes) encrypts config vars at rest. */
export function openStore(path: string, configKey: Uint8Array): Store {
  const cipher = new Cipher(configKey)
  const database = new Database(path)
  return {
    accounts: openAccounts(database),
    appSetups: openAppSetups(database),
    apps: openApps(database),
    slugs: openSlugs(database),
    newSlugs: openNewSlugs(database),
    releases: openReleases(database, cipher),
    configVars: openConfigVars(database, cipher),
    formations: openFormations(database),
    domains: openDomains(database),
    certificates: openCertificates(database, cipher),
    automatedDomains: openAutomatedDomains(database, cipher),
    logDrains: openLogDrains(database, cipher),
    webhooks: openWebhooks(database, cipher),
    webhookDeliveries: openWebhookDeliveries(database),
    dynos: openDynos(database),
    builds: openBuilds(database),
    buildpacks: openBuildpacks(database),
    outputs: openOutputs(database),
    people: openPeople(database),
    activity: openActivity(database),
    repositories: openRepositories(database),
    transaction: (change) => database.transaction(change),
    close: () => database.close(),
  }
}
