import { z } from 'zod'
import { app, appCreate, appUpdate } from '../app.ts'
import { configVars, configVarsUpdate } from '../config-vars.ts'
import { domain, domainCreate } from '../domain.ts'
import { endpoint } from '../endpoint.ts'

/** An app itself, its host names and its config vars. */
export const appEndpoints = {
  listApps: endpoint('GET', '/apps', {
    needs: 'anyone',
    tier: 1,
    ranges: ['name', 'id', 'created_at', 'updated_at'],
    response: z.array(app),
  }),
  createApp: endpoint('POST', '/apps', {
    needs: 'server deploy',
    tier: 1,
    request: appCreate,
    response: app,
    status: 201,
  }),
  getApp: endpoint('GET', '/apps/{app}', { needs: 'view', tier: 1, response: app }),
  updateApp: endpoint('PATCH', '/apps/{app}', {
    needs: 'deploy',
    fieldNeeds: { maintenance: 'operate', name: 'manage' },
    tier: 1,
    request: appUpdate,
    response: app,
  }),
  destroyApp: endpoint('DELETE', '/apps/{app}', { needs: 'manage', tier: 1, response: app }),
  getConfigVars: endpoint('GET', '/apps/{app}/config-vars', { needs: 'deploy', tier: 1, response: configVars }),
  updateConfigVars: endpoint('PATCH', '/apps/{app}/config-vars', {
    needs: 'deploy',
    tier: 1,
    request: configVarsUpdate,
    response: configVars,
  }),
  listDomains: endpoint('GET', '/apps/{app}/domains', {
    needs: 'view',
    tier: 1,
    ranges: ['hostname', 'id'],
    response: z.array(domain),
  }),
  createDomain: endpoint('POST', '/apps/{app}/domains', {
    needs: 'operate',
    tier: 1,
    request: domainCreate,
    response: domain,
    status: 201,
  }),
  getDomain: endpoint('GET', '/apps/{app}/domains/{domain}', { needs: 'view', tier: 1, response: domain }),
  destroyDomain: endpoint('DELETE', '/apps/{app}/domains/{domain}', { needs: 'operate', tier: 1, response: domain }),
} as const
