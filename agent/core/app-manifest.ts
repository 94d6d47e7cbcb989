import { z } from 'zod'
import { configVarName } from '../contract/config-vars.ts'
import { isDynoSize } from './dyno-size.ts'
import { defaultEntry, type FormationEntry } from './formation.ts'
import { containerStack } from './image-reference.ts'
import { limits } from './limits.ts'
import type { SourceSetup, TakenSource } from './ports/builder.ts'

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
      const known = size.toLowerCase()
      return { type, quantity: quantity ?? usual.quantity, size: isDynoSize(known) ? known : usual.size }
    }),
    postdeploy: (typeof postdeploy === 'object' ? postdeploy.command : postdeploy)?.trim() || null,
    successUrl,
    errors: [...errors, ...refuseAddOns(parsed, counting)],
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
    const { value, generator, required = true } = typeof entry === 'string' ? { value: entry } : entry
    const own = given[name] ?? value ?? (generator === 'secret' ? makeSecret() : undefined)
    if (own !== undefined) configVars.set(name, own)
    else if (String(required) === 'true') errors.push(`app.json requires ${name}: give it in overrides.env.`)
  }
  for (const [name, value] of Object.entries(given)) configVars.set(name, value)
  return { configVars: Object.fromEntries(configVars), errors }
}

function refuseAddOns({ addons = [] }: AppManifest, setup: SourceSetup | null): string[] {
  const wanted = {
    'app.json': addons.map((addon) => (typeof addon === 'string' ? addon : addon.plan)),
    'heroku.yml': setup?.addOns ?? [],
  }
  return Object.entries(wanted)
    .filter(([, plans]) => plans.length > 0)
    .map(([file, plans]) => `${file} asks for add-ons, which this server does not have yet: ${plans.join(', ')}.`)
}
