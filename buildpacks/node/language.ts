import type { Language } from '../lib/language.ts'
import { nodeFailures } from './failures.ts'

export const language: Language = {
  name: 'Node.js',
  buildpack: 'hearth/node',
  detectedBy: ['package.json'],
  versions: {
    byDefault: '24.x, the active long-term line',
    sources: ['engines.node in package.json'],
    available:
      'All that the npm registry has for the processor of the server (nearly every release since 4.0), or its mirror. A range that ' +
      'reaches beyond the long-term line is cut there unless `NODEJS_ALLOW_WIDE_RANGE` is `true`.',
  },
  managers: [
    { name: 'npm', file: 'package-lock.json, npm-shrinkwrap.json', command: 'npm ci' },
    { name: 'npm', file: 'none', command: 'npm install, with a warning' },
    { name: 'Yarn 1', file: 'yarn.lock', command: 'yarn install --frozen-lockfile' },
    { name: 'Yarn', file: 'yarn.lock with .yarnrc.yml', command: 'yarn install --immutable' },
    { name: 'pnpm', file: 'pnpm-lock.yaml', command: 'pnpm install --frozen-lockfile' },
  ],
  cache: {
    kept: 'node_modules as installed; the downloads of npm, Yarn and pnpm; .next/cache, .nuxt/cache, .turbo and what cacheDirectories names',
    droppedBy:
      'another lock file, package.json (but for its version and scripts), Node.js, package manager, stack, or npm_config_ setting; NODE_MODULES_CACHE=false',
  },
  sameEachTime:
    'yes, where the lock file is there and neither the build script nor an install script writes times or random names',
  processes: [
    {
      type: 'web',
      of: 'a start script',
      command: 'the script itself, without npm around it where that makes no difference',
    },
    {
      type: 'web',
      of: 'a start script that needs a development dependency (nest start, ng serve), beside start:prod',
      command: 'the script start:prod (a guess, and said to be one)',
    },
    {
      type: 'web',
      of: 'a build that leaves a server: Nuxt and others by Nitro, SvelteKit, Astro, Angular',
      command: 'node with its file, .output/server/index.mjs and the like (a guess likewise)',
    },
    {
      type: 'web',
      of: 'server.js, the "main" of package.json, or index.js',
      command: 'node FILE (a guess likewise)',
    },
    {
      type: 'web',
      of: 'a build that leaves an index.html in dist, build, out, _site or .output/public',
      command: 'the server of static sites over that folder (a guess likewise)',
    },
  ],
  hooks: ['heroku-prebuild', 'heroku-postbuild, or else build', 'heroku-cleanup'],
  configVars: [
    { name: 'NODE_ENV', meaning: 'production unless set; otherwise development dependencies stay' },
    { name: 'NODE_BUILD_FLAGS', meaning: 'flags for the build script' },
    { name: 'NODE_MODULES_CACHE', meaning: 'false: node_modules is installed anew' },
    { name: 'NODEJS_ALLOW_WIDE_RANGE', meaning: 'true: a range may reach beyond the long-term line' },
    { name: 'USE_NPM_INSTALL', meaning: 'true: npm install instead of npm ci' },
    { name: 'NPM_CONFIG_PRODUCTION, YARN_PRODUCTION', meaning: 'false: development dependencies stay' },
    { name: 'YARN2_SKIP_PRUNING, PNPM_SKIP_PRUNING', meaning: 'true: likewise' },
    { name: 'WEB_MEMORY', meaning: 'megabytes of one process, 512: WEB_CONCURRENCY is how many fit into the dyno' },
  ],
  failures: nodeFailures,
  limits: [],
}
