import type { Calls } from '../call.ts'
import type { Context } from '../context.ts'
import { openAccessCalls } from './access-calls.ts'
import { openAppCalls } from './app-calls.ts'
import { openBuildCalls } from './build-calls.ts'
import { openCertificateCalls } from './certificate-calls.ts'
import { openDomainCalls } from './domain-calls.ts'
import { openDrainCalls } from './drain-calls.ts'
import { openDynoCalls } from './dyno-calls.ts'
import { openEmptyCalls } from './empty-calls.ts'
import { openFeatureCalls } from './feature-calls.ts'
import { openFormationCalls } from './formation-calls.ts'
import { openLogCalls } from './log-calls.ts'
import { openMetricsCalls } from './metrics-calls.ts'
import { openPeopleCalls } from './people-calls.ts'
import { openReleaseCalls } from './release-calls.ts'
import { openRepositoryCalls } from './repository-calls.ts'
import { openServerCalls } from './server-calls.ts'
import { openSetupCalls } from './setup-calls.ts'
import { openSourceCalls } from './source-calls.ts'
import { openWebhookCalls } from './webhook-calls.ts'

/** An answer to every call of the contract. */
export function openCalls(context: Context): Calls {
  return {
    ...openAppCalls(context),
    ...openSourceCalls(context),
    ...openBuildCalls(context),
    ...openRepositoryCalls(context),
    ...openReleaseCalls(context),
    ...openFormationCalls(context),
    ...openDynoCalls(context),
    ...openDomainCalls(context),
    ...openCertificateCalls(context),
    ...openDrainCalls(context),
    ...openWebhookCalls(context),
    ...openFeatureCalls(context),
    ...openServerCalls(context),
    ...openLogCalls(context),
    ...openMetricsCalls(context),
    ...openSetupCalls(context),
    ...openAccessCalls(context),
    ...openPeopleCalls(context),
    ...openEmptyCalls(context),
  }
}
