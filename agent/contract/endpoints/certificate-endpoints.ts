import { z } from 'zod'
import { app } from '../apps/app.ts'
import { sniEndpoint, sniEndpointCreate } from '../domains/sni-endpoint.ts'
import { tlsSettings, tlsSettingsUpdate } from '../domains/tls-settings.ts'
import { endpoint } from '../endpoint.ts'

/** An app's certificates, and what becomes of http. */
export const certificateEndpoints = {
  listSniEndpoints: endpoint('GET', '/apps/{app}/sni-endpoints', {
    needs: 'view',
    tier: 2,
    ranges: ['name', 'id'],
    response: z.array(sniEndpoint),
  }),
  createSniEndpoint: endpoint('POST', '/apps/{app}/sni-endpoints', {
    needs: 'operate',
    tier: 2,
    request: sniEndpointCreate,
    response: sniEndpoint,
    status: 201,
  }),
  getSniEndpoint: endpoint('GET', '/apps/{app}/sni-endpoints/{sni_endpoint}', {
    needs: 'view',
    tier: 2,
    response: sniEndpoint,
  }),
  updateSniEndpoint: endpoint('PATCH', '/apps/{app}/sni-endpoints/{sni_endpoint}', {
    needs: 'operate',
    tier: 2,
    request: sniEndpointCreate,
    response: sniEndpoint,
  }),
  destroySniEndpoint: endpoint('DELETE', '/apps/{app}/sni-endpoints/{sni_endpoint}', {
    needs: 'operate',
    tier: 2,
    response: sniEndpoint,
  }),
  enableAcm: endpoint('POST', '/apps/{app}/acm', { needs: 'operate', tier: 2, response: app }),
  disableAcm: endpoint('DELETE', '/apps/{app}/acm', { needs: 'operate', tier: 2, response: app }),
  refreshAcm: endpoint('PATCH', '/apps/{app}/acm', { needs: 'operate', tier: 2, response: app }),
  getTlsSettings: endpoint('GET', '/apps/{app}/tls-settings', { needs: 'view', response: tlsSettings }),
  updateTlsSettings: endpoint('PATCH', '/apps/{app}/tls-settings', {
    needs: 'operate',
    request: tlsSettingsUpdate,
    response: tlsSettings,
  }),
} as const
