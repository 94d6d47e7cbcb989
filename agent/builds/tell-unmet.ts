import { listUnmet } from '../core/apps/app-manifest.ts'
import { readResult } from './build-place.ts'
import type { BuildRun } from './build-run.ts'

/** Who made the app by hand has read app.json, or not: what it asks for and the app does not have is said before the app misses it. */
export async function tellUnmet({ place, request, output }: BuildRun): Promise<void> {
  const { configVars, addOns } = listUnmet(await readResult(place.app, 'app.json'), request.configVars.reveal())
  if (configVars.length + addOns.length === 0) return
  output.header('The app does not have all that its app.json asks for')
  if (configVars.length > 0)
    output.detail(`Config vars: ${configVars.join(', ')}\nTo set one: heroku config:set ${configVars[0]}=...`)
  if (addOns.length > 0) output.detail(`Add-ons: ${addOns.join(', ').slice(0, 500)}`)
}
