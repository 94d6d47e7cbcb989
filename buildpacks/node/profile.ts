import { renderConcurrency } from '../lib/profile.ts'

/** Where packages put their programs; after what the platform has on PATH, as text for a shell. */
export const modulesPath = '$HOME/node_modules/.bin'

export const nodeProfile = `export PATH=$PATH:${modulesPath}
export NODE_ENV=\${NODE_ENV:-production}
export WEB_MEMORY=\${WEB_MEMORY:-512}
${renderConcurrency('WEB_MEMORY')}`
