import { z } from 'zod'
import { dyno, dynoCreate, dynoResize, dynoRunInside, dynoStatus } from '../dynos/dyno.ts'
import { dynoSettings, dynoSettingsUpdate } from '../dynos/dyno-settings.ts'
import { formation, formationBatchUpdate, formationUpdate } from '../dynos/formation.ts'
import { endpoint } from '../endpoint.ts'
import { logSession, logSessionCreate } from '../logs/log-session.ts'

/** What runs: formation, dynos, their terminals and what they write. */
export const dynoEndpoints = {
  getDynoSettings: endpoint('GET', '/apps/{app}/dyno-settings', { needs: 'view', response: dynoSettings }),
  updateDynoSettings: endpoint('PATCH', '/apps/{app}/dyno-settings', {
    needs: 'operate',
    request: dynoSettingsUpdate,
    response: dynoSettings,
  }),
  listFormation: endpoint('GET', '/apps/{app}/formation', {
    needs: 'view',
    tier: 1,
    ranges: ['type', 'id'],
    response: z.array(formation),
  }),
  updateFormation: endpoint('PATCH', '/apps/{app}/formation', {
    needs: 'operate',
    tier: 1,
    request: formationBatchUpdate,
    response: z.array(formation),
  }),
  getFormationType: endpoint('GET', '/apps/{app}/formation/{type}', { needs: 'view', tier: 1, response: formation }),
  updateFormationType: endpoint('PATCH', '/apps/{app}/formation/{type}', {
    needs: 'operate',
    tier: 1,
    request: formationUpdate,
    response: formation,
  }),
  listDynos: endpoint('GET', '/apps/{app}/dynos', {
    needs: 'view',
    tier: 1,
    ranges: ['created_at', 'name', 'id'],
    response: z.array(dyno),
  }),
  getDyno: endpoint('GET', '/apps/{app}/dynos/{dyno}', { needs: 'view', tier: 1, response: dyno }),
  createDyno: endpoint('POST', '/apps/{app}/dynos', {
    needs: 'operate',
    tier: 1,
    request: dynoCreate,
    response: dyno,
    status: 201,
  }),
  /** The client's `run:inside`. A dyno that is being started is waited for; 422 when it is not up. */
  runInsideDyno: endpoint('POST', '/apps/{app}/dynos/{dyno}', {
    needs: 'operate',
    tier: 1,
    request: dynoRunInside,
    response: dyno,
    status: 201,
  }),
  restartAllDynos: endpoint('DELETE', '/apps/{app}/dynos', { needs: 'operate', tier: 1, status: 202 }),
  restartDyno: endpoint('DELETE', '/apps/{app}/dynos/{dyno}', { needs: 'operate', tier: 1, status: 202 }),
  restartFormationType: endpoint('DELETE', '/apps/{app}/formations/{type}', { needs: 'operate', tier: 1, status: 202 }),
  /** A one-off dyno ends; one of the formation ends and is started anew, as on Heroku. */
  stopDyno: endpoint('POST', '/apps/{app}/dynos/{dyno}/actions/stop', { needs: 'operate', tier: 1, status: 202 }),
  /** All dynos of a process type, one-off dynos of that type among them. */
  stopFormationType: endpoint('POST', '/apps/{app}/formations/{type}/actions/stop', {
    needs: 'operate',
    tier: 1,
    status: 202,
  }),
  resizeDyno: endpoint('POST', '/apps/{app}/dynos/{dyno}/actions/resize', {
    needs: 'operate',
    request: dynoResize,
    status: 204,
  }),
  listDynoStatuses: endpoint('GET', '/apps/{app}/dyno-statuses', { needs: 'view', response: z.array(dynoStatus) }),
  /**
   * Starts a one-off dyno and joins its terminal: bytes both ways in one exchange, as they are. The request's header
   * `hearth-terminal` says what its standard streams are: `pty 80x24`, `pipes`, or `pipes apart`, which answers in frames
   * (`application/vnd.hearth.frames`: a byte 1 or 2 for output or errors, four bytes of length, the bytes). Without it what
   * the dyno was created with decides. The end of the request's body is the end of the program's input. The trailer
   * `hearth-exit-code` tells how it ended: its status, or 128 and a signal's number. Closing the stream stops the dyno.
   */
  attachDyno: endpoint('POST', '/attach/{secret}', { needs: 'sealed', request: 'bytes', response: 'bytes' }),
  createLogSession: endpoint('POST', '/apps/{app}/log-sessions', {
    needs: 'view',
    tier: 1,
    request: logSessionCreate,
    response: logSession,
    status: 201,
  }),
  /** A build's output, a release phase's output, a log session: the secret in the path is the permission. */
  readStream: endpoint('GET', '/streams/{secret}', { needs: 'sealed', response: 'bytes' }),
} as const
