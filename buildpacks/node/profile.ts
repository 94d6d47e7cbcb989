import { renderConcurrency } from '../lib/profile.ts'

/**
 * Where packages put their programs; after what the platform has on PATH, as text for a shell. `workspace` leads from the app to where its
 * dependencies are: ``, `../..`.
 */
export function renderModulesPath(workspace: string): string {
  const folders = workspace === '' ? ['$HOME'] : ['$HOME', `$HOME/${workspace}`]
  return folders.map((folder) => `${folder}/node_modules/.bin`).join(':')
}

export const renderNodeProfile = (workspace: string) => `export PATH=$PATH:${renderModulesPath(workspace)}
export NODE_ENV=\${NODE_ENV:-production}
export WEB_MEMORY=\${WEB_MEMORY:-512}
${renderConcurrency('WEB_MEMORY')}`
