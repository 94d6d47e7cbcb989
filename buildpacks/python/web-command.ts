import { glob, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { DefaultProcess } from '../lib/buildpack.ts'
import type { Source } from '../lib/source.ts'
import { findDjango } from './django.ts'
import { isInstalled } from './venv.ts'

/** Where people put the object that serves requests, likely places first. */
const places = ['app', 'main', 'wsgi', 'asgi', 'server', 'api', 'application', 'run']
const files = places.flatMap((name) => [`${name}.py`, `app/${name}.py`, `src/${name}.py`]).concat('app/__init__.py')

/** A web process for the frameworks that Heroku gives none; always a guess. */
export async function chooseWebProcess(source: Source): Promise<DefaultProcess | null> {
  return (await chooseDjango(source)) ?? (await chooseObject(source)) ?? null
}

async function chooseDjango(source: Source): Promise<DefaultProcess | null> {
  const folder = await findDjango(source.app)
  if (folder === null || !(await isInstalled(source, 'django'))) return null
  const manage = path.join(folder, 'manage.py')
  const find = async (name: string) => {
    for await (const file of glob(`*/${name}.py`, { cwd: path.join(source.app, folder) }))
      return `${path.dirname(file)}.${name}`
    return null
  }
  const [wsgi, asgi] = [await find('wsgi'), await find('asgi')]
  const chdir = folder ? ` --chdir ${folder}` : ''
  const appDirectory = folder ? ` --app-dir ${folder}` : ''
  if (wsgi && (await isInstalled(source, 'gunicorn')))
    return guess(manage, `gunicorn${chdir} --bind 0.0.0.0:$PORT ${wsgi}`)
  if (asgi && (await isInstalled(source, 'uvicorn')))
    return guess(manage, runUvicorn(`${asgi}:application`, appDirectory))
  // Django's own says itself that it is for development; better than nothing, and seen in the guess.
  return guess(manage, `python ${manage} runserver --noreload 0.0.0.0:$PORT`)
}

async function chooseObject(source: Source): Promise<DefaultProcess | null> {
  for (const file of files) {
    const text = await readFile(path.join(source.app, file), 'utf8').catch(() => '')
    const command = await chooseCommand(source, file, text)
    if (command) return guess(file, command)
  }
  return null
}

async function chooseCommand(source: Source, file: string, text: string): Promise<string | null> {
  const [directory, module] = nameModule(file)
  const named = (pattern: string) =>
    new RegExp(`^(\\w+)(?::[^=\\n]+)?\\s*=\\s*(?:\\w+\\.)?(?:${pattern})\\(`, 'm').exec(text)?.[1]
  const asgi = named('FastAPI|Starlette|Litestar|Quart|FastHTML')
  if (asgi && (await isInstalled(source, 'uvicorn')))
    return runUvicorn(`${module}:${asgi}`, directory ? ` --app-dir ${directory}` : '')
  const factory = /^def (create_app|make_app)\(\s*\)/m.exec(text)?.[1]
  const usesFlask = /\bimport flask\b|\bfrom flask\b/.test(text)
  const wsgi = named('Flask|Bottle|Falcon|App') ?? (usesFlask && factory ? `${factory}()` : undefined)
  if (!wsgi || (asgi && !usesFlask)) return null
  if (await isInstalled(source, 'gunicorn'))
    return `gunicorn${directory ? ` --chdir ${directory}` : ''} --bind 0.0.0.0:$PORT '${module}:${wsgi}'`
  if (!usesFlask) return null
  return `flask --app '${path.join(directory, module).replaceAll('/', '.')}:${wsgi}' run --host 0.0.0.0 --port $PORT`
}

/** `src/main.py` is imported as main with src on the path; `app/main.py` as app.main, since app is a package. */
function nameModule(file: string): [directory: string, module: string] {
  const [directory, name] = [path.dirname(file), path.basename(file, '.py')]
  if (directory === '.') return ['', name]
  if (directory === 'src') return ['src', name]
  return ['', name === '__init__' ? directory : `${directory}.${name}`]
}

function runUvicorn(object: string, more: string): string {
  return `uvicorn${more} --host 0.0.0.0 --port $PORT --proxy-headers ${object}`
}

function guess(guessedFrom: string, command: string): DefaultProcess {
  return { type: 'web', command, guessedFrom }
}
