import { z } from 'zod'
import { configVarName } from '../../contract/apps/config-vars.ts'
import { containerStack } from '../builds/image-reference.ts'
import { findSize } from '../dynos/dyno-size.ts'
import { defaultEntry, type FormationEntry } from '../dynos/formation.ts'
import { limits } from '../limits.ts'
import type { SourceSetup, TakenSource } from '../ports/builds/builder.ts'

const envEntry = z.union([
  z.string(),
  z.looseObject({
    value: z.string().optional(),
    generator: z.string().optional(),
    required: z.union([z.boolean(), z.enum(['true', 'false'])]).optional(),
  }),
])

/**
 * What of app.json there is something behind here. Source: https://devcenter.heroku.com/articles/app-json-schema
 */
const appManifest = z.looseObject({
  env: z.record(configVarName, envEntry).optional(),
  buildpacks: z
    .array(z.looseObject({ url: z.string() }))
    .max(20)
    .optional(),
  formation: z
    .record(
      z.string().regex(/^[-\w]{1,128}$/),
      z.looseObject({
        quantity: z.number().int().min(0).max(limits.dynosPerProcessType).optional(),
        size: z.string().optional(),
      }),
    )
    .optional(),
  scripts: z
    .looseObject({ postdeploy: z.union([z.string(), z.looseObject({ command: z.string() })]).optional() })
    .optional(),
  addons: z.array(z.union([z.string(), z.looseObject({ plan: z.string() })])).optional(),
  stack: z.string().optional(),
  success_url: z.string().optional(),
})
type AppManifest = z.infer<typeof appManifest>

/** What app.json and the overrides of a request come to. */
export interface AppPlan {
  readonly configVars: Readonly<Record<string, string>>
  readonly buildpacks: readonly string[]
  /** What it is to be built on; null leaves that to the server. */
  readonly stack: string | null
  readonly formation: readonly FormationEntry[]
  readonly postdeploy: string | null
  readonly successUrl: string | null
  /** Sentences; when there is one, nothing of the plan counts. */
  readonly errors: readonly string[]
}

export interface Overrides {
  readonly env?: Readonly<Record<string, string>> | undefined
  readonly buildpacks?: readonly { readonly url: string }[] | undefined
  readonly stack?: string | undefined
}

/**
 * What the overrides say counts before what app.json says, and that before the setup of a heroku.yml, which counts for apps of
 * images only. A heroku.yml alone says that the app is one; beside an app.json that is for the app.json to say, as at Heroku.
 * `makeSecret` makes a random one.
 */
export function planApp(
  { manifest, setup }: Pick<TakenSource, 'manifest' | 'setup'>,
  overrides: Overrides,
  makeSecret: () => string,
): AppPlan {
  const parsed = parseManifest(manifest)
  if (typeof parsed === 'string') return { ...nothing, errors: [parsed] }
  const { configVars, errors } = planConfigVars(parsed, overrides.env ?? {}, makeSecret)
  const own = manifest === null && setup !== null ? containerStack : null
  const stack = overrides.stack ?? parsed.stack ?? own
  const counting = stack === containerStack ? setup : null
  const { scripts, success_url: successUrl = null, formation = {} } = parsed
  const postdeploy = scripts?.postdeploy
  return {
    configVars: { ...counting?.configVars, ...configVars },
    stack,
    buildpacks: (overrides.buildpacks ?? parsed.buildpacks ?? []).map(({ url }) => url),
    formation: Object.entries(formation).map(([type, { quantity, size = '' }]) => {
      const usual = defaultEntry(type)
      return { type, quantity: quantity ?? usual.quantity, size: findSize(size) ?? usual.size }
    }),
    postdeploy: (typeof postdeploy === 'object' ? postdeploy.command : postdeploy)?.trim() || null,
    successUrl,
    errors: [...errors, ...refuseAddOns(parsed, counting, configVars)],
  }
}

const nothing: Omit<AppPlan, 'errors'> = {
  configVars: {},
  buildpacks: [],
  stack: null,
  formation: [],
  postdeploy: null,
  successUrl: null,
}

/** The manifest, or what is wrong with it. */
function parseManifest(text: string | null): AppManifest | string {
  if (text === null) return {}
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    return `app.json is not JSON: ${(error as Error).message}.`
  }
  const parsed = appManifest.safeParse(json)
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.slice(0, 5).map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`)
  return `app.json does not fit: ${issues.join('; ')}.`
}

function planConfigVars(manifest: AppManifest, given: Readonly<Record<string, string>>, makeSecret: () => string) {
  const configVars = new Map<string, string>()
  const errors: string[] = []
  for (const [name, entry] of Object.entries(manifest.env ?? {})) {
    const { value, generator } = typeof entry === 'string' ? { value: entry } : entry
    const own = given[name] ?? value ?? (generator === 'secret' ? makeSecret() : undefined)
    if (own !== undefined) configVars.set(name, own)
    else if (typeof entry === 'object' && isRequired(entry))
      errors.push(`app.json requires ${name}: give it in overrides.env.`)
  }
  for (const [name, value] of Object.entries(given)) configVars.set(name, value)
  return { configVars: Object.fromEntries(configVars), errors }
}

const isRequired = ({ required = true }: { required?: boolean | 'true' | 'false' | undefined }) =>
  String(required) === 'true'

function refuseAddOns(
  manifest: AppManifest,
  setup: SourceSetup | null,
  configVars: Readonly<Record<string, string>>,
): string[] {
  const wanted = { 'app.json': listAddOns(manifest), 'heroku.yml': setup?.addOns ?? [] }
  return Object.entries(wanted).flatMap(([file, plans]) => {
    const missing = withoutTold(plans, configVars)
    if (missing.length === 0) return []
    const elsewhere =
      'Where the service is elsewhere, give its config var in overrides.env (DATABASE_URL for heroku-postgresql).'
    return [`${file} asks for add-ons, which this server does not have yet: ${missing.join(', ')}. ${elsewhere}`]
  })
}

function listAddOns({ addons = [] }: AppManifest): string[] {
  return addons.map((addon) => (typeof addon === 'string' ? addon : addon.plan))
}

/** The config var by which an app finds a service that Heroku has as an add-on, wherever that is. */
const addOnVars: Readonly<Record<string, string>> = {
  'heroku-postgresql': 'DATABASE_URL',
  'heroku-redis': 'REDIS_URL',
}

/** Plans of the add-ons that the app is not told of by a config var. */
function withoutTold(plans: readonly string[], configVars: Readonly<Record<string, string>>): string[] {
  return plans.filter((plan) => !Object.hasOwn(configVars, addOnVars[plan.split(':')[0] ?? ''] ?? ''))
}

/** What an app's own app.json asks for and the app does not have. One that can't be read asks for nothing: it may be another program's. */
export function listUnmet(
  text: string | null,
  configVars: Readonly<Record<string, string>>,
): { readonly configVars: readonly string[]; readonly addOns: readonly string[] } {
  const manifest = parseManifest(text)
  if (typeof manifest === 'string') return { configVars: [], addOns: [] }
  const required = Object.entries(manifest.env ?? {}).filter(
    ([name, entry]) =>
      typeof entry === 'object' && isRequired(entry) && entry.value === undefined && !Object.hasOwn(configVars, name),
  )
  return { configVars: required.map(([name]) => name), addOns: withoutTold(listAddOns(manifest), configVars) }
}
