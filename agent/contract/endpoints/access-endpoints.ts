import { z } from 'zod'
import { appAccess, serverAccess } from '../access/access.ts'
import { activity } from '../access/activity.ts'
import { collaborator, collaboratorCreate, collaboratorUpdate } from '../access/collaborator.ts'
import { key, keyCreate } from '../access/key.ts'
import { person, personCreate, personUpdate } from '../access/person.ts'
import { endpoint } from '../endpoint.ts'

/** Who may do what. `{collaborator}` and `{person}` are an id or an e-mail-like name; `{key}` an id or a fingerprint. */
export const accessEndpoints = {
  listKeys: endpoint('GET', '/account/keys', { needs: 'anyone', tier: 2, ranges: ['id'], response: z.array(key) }),
  /** Of one's own: nobody names somebody else here. */
  createKey: endpoint('POST', '/account/keys', {
    needs: 'anyone',
    tier: 2,
    request: keyCreate,
    response: key,
    status: 201,
  }),
  getKey: endpoint('GET', '/account/keys/{key}', { needs: 'anyone', tier: 2, response: key }),
  destroyKey: endpoint('DELETE', '/account/keys/{key}', { needs: 'anyone', tier: 2, response: key }),

  listCollaborators: endpoint('GET', '/apps/{app}/collaborators', {
    needs: 'view',
    tier: 1,
    ranges: ['id'],
    response: z.array(collaborator),
  }),
  createCollaborator: endpoint('POST', '/apps/{app}/collaborators', {
    needs: 'manage',
    tier: 2,
    request: collaboratorCreate,
    response: collaborator,
    status: 201,
  }),
  getCollaborator: endpoint('GET', '/apps/{app}/collaborators/{collaborator}', {
    needs: 'view',
    tier: 2,
    response: collaborator,
  }),
  updateCollaborator: endpoint('PATCH', '/apps/{app}/collaborators/{collaborator}', {
    needs: 'manage',
    request: collaboratorUpdate,
    response: collaborator,
  }),
  /** Of anybody but oneself it needs *manage*. */
  destroyCollaborator: endpoint('DELETE', '/apps/{app}/collaborators/{collaborator}', {
    needs: 'view',
    tier: 2,
    response: collaborator,
  }),
  getAppAccess: endpoint('GET', '/apps/{app}/access', { needs: 'view', response: appAccess }),

  listAppActivity: endpoint('GET', '/apps/{app}/activity', { needs: 'view', response: z.array(activity) }),

  getServerAccess: endpoint('GET', '/server/access', { needs: 'anyone', response: serverAccess }),
  listPeople: endpoint('GET', '/server/people', {
    needs: 'server view',
    ranges: ['email', 'id'],
    response: z.array(person),
  }),
  createPerson: endpoint('POST', '/server/people', {
    needs: 'server manage',
    request: personCreate,
    response: person,
    status: 201,
  }),
  updatePerson: endpoint('PATCH', '/server/people/{person}', {
    needs: 'server manage',
    request: personUpdate,
    response: person,
  }),
  listServerActivity: endpoint('GET', '/server/activity', { needs: 'server view', response: z.array(activity) }),
  /** With everything that they hold: roles, keys, open connections. */
  destroyPerson: endpoint('DELETE', '/server/people/{person}', { needs: 'server manage', response: person }),
  /** One key of somebody, a lost laptop's say; the last one goes with the person. */
  destroyPersonKey: endpoint('DELETE', '/server/people/{person}/keys/{key}', {
    needs: 'server manage',
    response: person,
  }),
} as const
