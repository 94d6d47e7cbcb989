import { z } from 'zod'
import { app, appCreate, appUpdate } from '../apps/app.ts'
import { configVars, configVarsUpdate } from '../apps/config-vars.ts'
import { feature, featureUpdate } from '../apps/feature.ts'
import { domain, domainCreate, domainUpdate } from '../domains/domain.ts'
import { dynoSize } from '../dynos/formation.ts'
import { endpoint } from '../endpoint.ts'
import { stack } from '../server/stack.ts'

const appRanges = ['name', 'id', 'created_at', 'updated_at']

/** An app itself, its host names, its config vars and what it may run on. */
export const appEndpoints = {
  listApps: endpoint('GET', '/apps', {
    needs: 'anyone',
    tier: 1,
    ranges: appRanges,
    response: z.array(app),
  }),
  /** Those that the asker owns or has a role on: on a server without strangers, the same as all. */
  listUserApps: endpoint('GET', '/users/{user}/apps', {
    needs: 'anyone',
    tier: 1,
    ranges: appRanges,
    response: z.array(app),
  }),
  createApp: endpoint('POST', '/apps', {
    needs: 'server deploy',
    tier: 1,
    partly: 'region and stack are the server’s own; no teams, no spaces',
    request: appCreate,
    response: app,
    status: 201,
  }),
  getApp: endpoint('GET', '/apps/{app}', { needs: 'view', tier: 1, response: app }),
  updateApp: endpoint('PATCH', '/apps/{app}', {
    needs: 'deploy',
    fieldNeeds: { maintenance: 'operate', name: 'manage' },
    tier: 1,
    partly: 'the stack is the server’s own',
    request: appUpdate,
    response: app,
  }),
  destroyApp: endpoint('DELETE', '/apps/{app}', { needs: 'manage', tier: 1, response: app }),
  listAppFeatures: endpoint('GET', '/apps/{app}/features', {
    needs: 'view',
    tier: 1,
    ranges: ['name', 'id'],
    response: z.array(feature),
  }),
  getAppFeature: endpoint('GET', '/apps/{app}/features/{feature}', { needs: 'view', tier: 1, response: feature }),
  updateAppFeature: endpoint('PATCH', '/apps/{app}/features/{feature}', {
    needs: 'operate',
    tier: 1,
    partly: 'what is how Hearth works can not be turned off: runtime-dyno-metadata',
    request: featureUpdate,
    response: feature,
  }),
  listAppStacks: endpoint('GET', '/apps/{app}/available-stacks', {
    needs: 'view',
    tier: 2,
    ranges: ['name', 'id'],
    response: z.array(stack),
  }),
  listAppDynoSizes: endpoint('GET', '/apps/{app}/available-dyno-sizes', {
    needs: 'view',
    tier: 2,
    ranges: ['name', 'id'],
    response: z.array(dynoSize),
  }),
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
  updateDomain: endpoint('PATCH', '/apps/{app}/domains/{domain}', {
    needs: 'operate',
    tier: 1,
    request: domainUpdate,
    response: domain,
  }),
  destroyDomain: endpoint('DELETE', '/apps/{app}/domains/{domain}', { needs: 'operate', tier: 1, response: domain }),
} as const
