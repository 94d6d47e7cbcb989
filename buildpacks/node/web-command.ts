import { glob } from 'node:fs/promises'
import path from 'node:path'
import type { DefaultProcess } from '../lib/buildpack.ts'
import { isThere } from '../lib/copy-tree.ts'
import { printWarning } from '../lib/output.ts'
import type { PackageJson } from './package-json.ts'

/** What only a shell can do; a script without it is the same command without npm in front. */
const shellSyntax = /[|&;<>()`\n]/

/**
 * Servers that frameworks build, whose own templates have no script to start them; in `{}` what is needed for them to be what it
 * looks like. They are started so that they answer on all addresses and know what the router says of a request.
 */
const builtServers: readonly { readonly file: string; readonly needs?: string; readonly command: string }[] = [
  // Nuxt, TanStack Start, SolidStart and whatever else Nitro builds.
  { file: '.output/server/index.mjs', command: 'node FILE' },
  // Without the header it takes every request for https, and refuses the forms of others.
  { file: 'build/index.js', needs: '@sveltejs/kit', command: 'PROTOCOL_HEADER=x-forwarded-proto node FILE' },
  { file: 'dist/server/entry.mjs', needs: 'astro', command: 'HOST=0.0.0.0 node FILE' },
  { file: 'dist/*/server/server.mjs', needs: '@angular/ssr', command: 'node FILE' },
]

/**
 * The default `web` process: the start script, without a package manager that would stay in memory and swallow signals; else a server
 * that the build made; else a file by its name. Null where a start script needs a development dependency, and nothing else is there.
 */
export async function chooseWebCommand(app: string, manifest: PackageJson): Promise<DefaultProcess | null> {
  const start = chooseStartScript(manifest)
  if (start && !(await lacksProgram(app, start.command, manifest))) return start
  const production = manifest.scripts['start:prod']?.trim()
  if (production && !shellSyntax.test(production) && !(await lacksProgram(app, production, manifest)))
    return { type: 'web', command: production, guessedFrom: 'the script "start:prod"' }
  return (await findBuiltServer(app, manifest)) ?? (start ? null : findMain(app, manifest))
}

/** As it is written, though it may not work without development dependencies. */
export function chooseStartScript({ scripts }: PackageJson): DefaultProcess | null {
  const { start, prestart, poststart } = scripts
  if (!start?.trim()) return null
  const isPlain = !prestart && !poststart && !shellSyntax.test(start) && !/\bnpm_/.test(start)
  return { type: 'web', command: isPlain ? start.trim() : 'npm start', guessedFrom: null }
}

/** `nest start` and `ng serve`: templates have the program's package among the development dependencies, which are gone by now. */
async function lacksProgram(
  app: string,
  command: string,
  { dependencies, devDependencies }: PackageJson,
): Promise<boolean> {
  const [program = ''] = command.split(' ')
  const packages = [program, ...(packagesOfPrograms[program] ?? [])]
  const isOfDevelopment = packages.some((name) => name in devDependencies && !(name in dependencies))
  return isOfDevelopment && !(await isThere(path.join(app, 'node_modules/.bin', program)))
}

/** Of programs that are not called as their packages are. */
const packagesOfPrograms: Readonly<Record<string, readonly string[]>> = {
  nest: ['@nestjs/cli'],
  ng: ['@angular/cli'],
  'vue-cli-service': ['@vue/cli-service'],
  tsc: ['typescript'],
}

async function findBuiltServer(app: string, manifest: PackageJson): Promise<DefaultProcess | null> {
  for (const { file, needs, command } of builtServers) {
    if (needs && !(needs in manifest.dependencies) && !(needs in manifest.devDependencies)) continue
    for await (const found of glob(file, { cwd: app }))
      if (/^[\w./-]+$/.test(found)) return { type: 'web', command: command.replace('FILE', found), guessedFrom: found }
  }
  return null
}

async function findMain(app: string, { main }: PackageJson): Promise<DefaultProcess | null> {
  for (const file of ['server.js', main, 'index.js']) {
    if (!file || !/^[\w./-]+$/.test(file) || !(await isThere(path.join(app, file)))) continue
    return { type: 'web', command: `node ${file}`, guessedFrom: file }
  }
  return null
}

/** A start script that works on its writer's machine only. */
export async function warnOfStartScript(app: string, web: DefaultProcess | null, manifest: PackageJson): Promise<void> {
  if (web === null || web.guessedFrom !== null || !(await lacksProgram(app, web.command, manifest))) return
  const [program] = web.command.split(' ')
  printWarning(`The app is started with ${program}, which is a development dependency and so is not there at run time.`)
}
