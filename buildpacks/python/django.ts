import { glob } from 'node:fs/promises'
import path from 'node:path'
import type { Build } from '../lib/build.ts'
import { recogniseFailure } from '../lib/failures.ts'
import { printDetail, printHeader } from '../lib/output.ts'
import { collectstaticFailures } from './failures.ts'
import { isInstalled, renderVenvEnvironment } from './venv.ts'

/** The folder of manage.py, within three levels as on Heroku; the nearest to the top. Relative, and empty for the top itself. */
export async function findDjango(app: string): Promise<string | null> {
  const found: string[] = []
  for await (const file of glob(['manage.py', '*/manage.py', '*/*/manage.py'], { cwd: app }))
    if (!/(^|\/)(\.venv|node_modules)\//.test(file)) found.push(file)
  found.sort((a, b) => a.split('/').length - b.split('/').length || a.localeCompare(b))
  const [first] = found
  return first === undefined ? null : path.dirname(first) === '.' ? '' : path.dirname(first)
}

/** Gathers the static files where the app's own settings have them gathered. */
export async function collectStatic(build: Build): Promise<void> {
  const folder = await findDjango(build.app)
  if (folder === null || !(await isInstalled(build, 'django'))) return
  const setting = build.configVars.get('DISABLE_COLLECTSTATIC')
  if (setting && setting !== '0') return printDetail('Not collecting static files because DISABLE_COLLECTSTATIC is set')
  const manage = path.join(folder, 'manage.py')
  const options = { environment: renderVenvEnvironment(build) }
  // Known only where django.contrib.staticfiles is one of the app's.
  const help = await build.run('python', [manage, 'help', 'collectstatic'], { ...options, isQuiet: true })
  if (help.status !== 0 && /Unknown command: '?collectstatic/.test(help.output)) return
  printHeader('Collecting static files')
  const { status, output } = await build.run('python', [manage, 'collectstatic', '--noinput'], options)
  if (status === 0) return
  throw recogniseFailure({ status, output }, collectstaticFailures, {
    id: 'collectstatic-failed',
    headline: `\`python ${manage} collectstatic\` failed with status ${status}.`,
    advice: 'Its output above says why. To do without, set the config var DISABLE_COLLECTSTATIC=1.',
  })
}
