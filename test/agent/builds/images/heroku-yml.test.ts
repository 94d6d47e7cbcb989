import { expect, it } from 'vitest'
import { parseHerokuYml, parseSetup } from '../../../../agent/builds/images/heroku-yml.ts'

it('images, what runs in them, build arguments and the release phase are read', () => {
  const plan = parseHerokuYml(`
setup:
  addons: [{ plan: heroku-postgresql }]
  config: { RAILS_ENV: production }
build:
  docker:
    web: Dockerfile
    worker: ./worker/Dockerfile
  config: { VERSION: 3, DEBUG: false }
release:
  image: worker
  command:
    - ./migrate.sh --all
run:
  web: bundle exec puma
  clock: { image: web, command: [bundle, exec, "rake tick"] }
`)
  expect(plan.images).toEqual([
    { name: 'web', origin: { kind: 'dockerfile', file: 'Dockerfile' } },
    { name: 'worker', origin: { kind: 'dockerfile', file: 'worker/Dockerfile' } },
  ])
  expect(plan.processTypes).toEqual([
    { type: 'web', image: 'web', command: 'bundle exec puma' },
    { type: 'clock', image: 'web', command: "bundle exec 'rake tick'" },
    { type: 'worker', image: 'worker', command: null },
    { type: 'release', image: 'worker', command: './migrate.sh --all' },
  ])
  expect(plan.buildArguments).toEqual({ VERSION: '3', DEBUG: 'false' })
  expect(plan.notes.join('\n')).toMatch(/RAILS_ENV[\s\S]*add-ons/)
})

it.each([
  ['build: {docker: {web: ../Dockerfile}}', 'the Dockerfile ../Dockerfile is not in the source'],
  ['build: {docker: {web: /etc/passwd}}', 'is not in the source'],
  ['run: {web: x}', 'build: '],
  ['build: [', 'it is no YAML: '],
  [
    'build: {docker: {web: Dockerfile}}\nrun: {worker: x}',
    'worker is to run in the image worker, which build.docker does not name',
  ],
  ['build: {docker: {"we b": Dockerfile}}', 'build.docker.we b'],
  ['build: {docker: {web: Dockerfile}, config: {"A B": 1}}', 'build.config.A B'],
])('%j is refused, and the reason told', (text, reason) => {
  expect(() => parseHerokuYml(text)).toThrow(reason)
})

it('what is to be done once for a new app is read apart', () => {
  const build = 'build: { docker: { web: Dockerfile } }'
  const setup =
    'setup: { config: { PORTS: 3, DEBUG: false }, addons: [heroku-redis, { plan: heroku-postgresql:mini, as: DB }] }'
  expect(parseSetup(`${setup}\n${build}`)).toEqual({
    configVars: { PORTS: '3', DEBUG: 'false' },
    addOns: ['heroku-redis', 'heroku-postgresql:mini'],
  })
  expect(parseSetup(build)).toEqual({ configVars: {}, addOns: [] })
  expect(() => parseSetup(`setup: { config: { "not a name": x } }\n${build}`)).toThrow('setup.config.not a name')
})
