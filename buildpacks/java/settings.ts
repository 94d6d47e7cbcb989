import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { renderMirrors } from '../jvm/central.ts'
import type { Build } from '../lib/build.ts'
import { isThere } from '../lib/copy-tree.ts'
import { BuildError } from '../lib/output.ts'

/** Parameters that name Maven's settings: the server's as the installation's, and the app's own over them, as Heroku finds them. */
export async function writeSettings(build: Build): Promise<string[]> {
  const mirror = build.environment.MAVEN_MIRROR_URL
  const parameters: string[] = []
  if (mirror) {
    const file = path.join(build.cache, 'server-settings.xml')
    await writeFile(file, renderMirrors({ central: mirror }))
    parameters.push('--global-settings', file)
  }
  const own = await findOwnSettings(build)
  return own ? [...parameters, '--settings', own] : parameters
}

/** MAVEN_SETTINGS_PATH, what MAVEN_SETTINGS_URL answers, settings.xml of the app; the first counts. */
async function findOwnSettings(build: Build): Promise<string | null> {
  const named = build.configVars.get('MAVEN_SETTINGS_PATH')
  if (named) {
    const file = path.resolve(build.app, named)
    if (await isThere(file)) return file
    throw new BuildError(
      'maven-settings-missing',
      `MAVEN_SETTINGS_PATH names ${named}, which is not part of the app.`,
      'Check its path, relative to the app, and that neither .gitignore nor .slugignore names it.',
    )
  }
  const address = build.configVars.get('MAVEN_SETTINGS_URL')
  if (address) return fetchSettings(build, address)
  return build.names.has('settings.xml') ? path.join(build.app, 'settings.xml') : null
}

async function fetchSettings(build: Build, address: string): Promise<string> {
  const file = path.join(build.cache, 'settings.xml')
  // The address may hold a token: it is no word of a program that others see, and no part of what is printed.
  const config = path.join(build.cache, 'settings.curl')
  await writeFile(config, `url = ${JSON.stringify(address)}\n`, { mode: 0o600 })
  const options = [
    '--config',
    config,
    '--fail',
    '--silent',
    '--location',
    '--retry',
    '3',
    '--max-time',
    '30',
    '--output',
    file,
  ]
  const { status } = await build.run('curl', options, { isQuiet: true })
  await writeFile(config, '')
  if (status === 0) return file
  throw new BuildError(
    'maven-settings-not-fetched',
    `The settings of Maven could not be fetched from the address in MAVEN_SETTINGS_URL (curl's status ${status}).`,
    'Check that the address answers without a login from the server, or put the file into the app and name it in MAVEN_SETTINGS_PATH.',
  )
}
