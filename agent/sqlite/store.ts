import type { Store } from '../core/ports/store.ts'
import { openAccounts } from './accounts.ts'
import { openActivity } from './activity.ts'
import { openAppSetups } from './app-setups.ts'
import { openApps } from './apps.ts'
import { openAutomatedDomains } from './automated-domains.ts'
import { openBuildpacks } from './buildpacks.ts'
import { openBuilds } from './builds.ts'
import { openCertificates } from './certificates.ts'
import { Cipher } from './cipher.ts'
import { openConfigVars } from './config-vars.ts'
import { Database } from './database.ts'
import { openDomains } from './domains.ts'
import { openDynos } from './dynos.ts'
import { openFormations } from './formations.ts'
import { openLogDrains } from './log-drains.ts'
import { openNewSlugs } from './new-slugs.ts'
import { openOutputs } from './outputs.ts'
import { openPeople } from './people.ts'
import { openReleases } from './releases.ts'
import { openRepositories } from './repositories.ts'
import { openSlugs } from './slugs.ts'

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
