// npm run test:buildpacks [-- LANGUAGE]: all tests of one buildpack, those of `npm run test:all` too; without a name, of all.
import { spawnSync } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import path from 'node:path'
import { root } from './repository.ts'

const [language = ''] = process.argv.slice(2)
if (language && !existsSync(path.join(root, 'buildpacks', language, 'bin'))) {
  const names = globSync('buildpacks/*/bin', { cwd: root }).map((folder) => path.basename(path.dirname(folder)))
  console.error(`There is no buildpack ${language}. There are ${names.sort().join(', ')}.`)
  process.exit(2)
}
const patterns = [`test/buildpacks/${language}`, `test/server/builds/${language ? `languages/${language}-` : ''}`]
const { status } = spawnSync('vitest', ['run', '--project', 'unit', '--project', 'server', ...patterns], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, HEARTH_TEST_SCOPE: 'all', PATH: `${root}/node_modules/.bin:${process.env.PATH}` },
})
process.exitCode = status ?? 1
