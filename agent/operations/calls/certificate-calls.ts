import { logTexts } from '../../core/logs/log-texts.ts'
import { act } from '../access/act.ts'
import type { Calls } from '../call.ts'
import { refreshAutomatedCertificates, setAutomatedCertificates } from '../certificates/set-automated-certificates.ts'
import { removeCertificate, uploadCertificate } from '../certificates/upload-certificate.ts'
import type { Context } from '../context.ts'
import { updateTlsSettings } from '../domains/update-tls-settings.ts'
import { findApp, findNamed } from '../find.ts'
import { appResource } from '../resources/app-resource.ts'
import { sniEndpointResource } from '../resources/sni-endpoint-resource.ts'

export function openCertificateCalls(context: Context) {
  const { store } = context
  const find = (parameters: { app: string; sni_endpoint: string }) => {
    const app = findApp(store, parameters.app)
    return { app, row: findNamed(store.certificates.list(app.id), 'sni_endpoint', parameters.sni_endpoint) }
  }
  return {
    async listSniEndpoints({ parameters }) {
      const app = findApp(store, parameters.app)
      return store.certificates.list(app.id).map((row) => sniEndpointResource(context, app, row))
    },
    async createSniEndpoint({ actor, parameters, body }) {
      const app = findApp(store, parameters.app)
      const row = await uploadCertificate(context, app, body)
      act(context, { app, actor }, logTexts.certificateAdded(row.name, row.hostnames))
      return sniEndpointResource(context, app, row)
    },
    async getSniEndpoint({ parameters }) {
      const { app, row } = find(parameters)
      return sniEndpointResource(context, app, row)
    },
    async updateSniEndpoint({ actor, parameters, body }) {
      const { app, row: before } = find(parameters)
      const row = await uploadCertificate(context, app, body, before)
      act(context, { app, actor }, logTexts.certificateUpdated(row.name, row.hostnames))
      return sniEndpointResource(context, app, row)
    },
    async destroySniEndpoint({ actor, parameters }) {
      const { app, row } = find(parameters)
      const resource = sniEndpointResource(context, app, row)
      await removeCertificate(context, app, row)
      act(context, { app, actor }, logTexts.certificateRemoved(row.name))
      return resource
    },
    async enableAcm({ actor, parameters }) {
      const app = findApp(store, parameters.app)
      return appResource(context, setAutomatedCertificates(context, { app, actor }, true))
    },
    async disableAcm({ actor, parameters }) {
      const app = findApp(store, parameters.app)
      return appResource(context, setAutomatedCertificates(context, { app, actor }, false))
    },
    async refreshAcm({ actor, parameters }) {
      const app = findApp(store, parameters.app)
      return appResource(context, refreshAutomatedCertificates(context, { app, actor }))
    },
    async getTlsSettings({ parameters }) {
      const { httpsOnly, hstsSeconds } = findApp(store, parameters.app)
      return { https_only: httpsOnly, hsts_seconds: hstsSeconds }
    },
    async updateTlsSettings({ actor, parameters, body }) {
      const app = await updateTlsSettings(context, { app: findApp(store, parameters.app), actor, update: body })
      return { https_only: app.httpsOnly, hsts_seconds: app.hstsSeconds }
    },
  } satisfies Partial<Calls>
}
