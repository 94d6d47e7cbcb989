import { emptyList } from '../empty-list.ts'

/** Lists that can only be empty. A thing of one that is asked for by name is not found (`agent/contract/elsewhere.ts`). */
export const emptyEndpoints = {
  listAccountFeatures: emptyList('/account/features', 'anyone'),
  listCredits: emptyList('/account/credits', 'anyone'),
  listInvoices: emptyList('/account/invoices', 'anyone'),
  listAuthorizations: emptyList('/oauth/authorizations', 'anyone'),
  listOauthClients: emptyList('/oauth/clients', 'anyone'),
  listOauthSessions: emptyList('/oauth/sessions', 'anyone'),

  listAddons: emptyList('/addons', 'anyone'),
  listUserAddons: emptyList('/users/{user}/addons', 'anyone'),
  listAppAddons: emptyList('/apps/{app}/addons', 'view'),
  listAddonAttachments: emptyList('/addon-attachments', 'anyone'),
  listAppAddonAttachments: emptyList('/apps/{app}/addon-attachments', 'view'),
  listAddonServices: emptyList('/addon-services', 'anyone'),
  listAddonRegionCapabilities: emptyList('/addon-region-capabilities', 'anyone'),

  listPipelines: emptyList('/pipelines', 'anyone'),
  listPipelineCouplings: emptyList('/pipeline-couplings', 'anyone'),
  listUserPipelineCouplings: emptyList('/users/{user}/pipeline-couplings', 'anyone'),

  listTeams: emptyList('/teams', 'anyone'),
  listEnterpriseAccounts: emptyList('/enterprise-accounts', 'anyone'),
  listSpaces: emptyList('/spaces', 'anyone'),

  listTelemetryDrains: emptyList('/apps/{app}/telemetry-drains', 'view'),
} as const

export type EmptyEndpointName = keyof typeof emptyEndpoints
