import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { BuildOutput } from '../../../../agent/builds/build-output.ts'
import { makeBuildPlace } from '../../../../agent/builds/build-place.ts'
import type { BuildRun } from '../../../../agent/builds/build-run.ts'
import { makeImagePlace, setSourceAside, sourceOf } from '../../../../agent/builds/images/image-place.ts'
import { planImages } from '../../../../agent/builds/images/plan-images.ts'
import { FileSourceStore } from '../../../../agent/builds/sources/source-store.ts'
import { Secret } from '../../../../agent/core/secret.ts'
import { sendFolder } from '../send-folder.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'hearth-image-place-'))
})
afterEach(() => rm(directory, { recursive: true }))

const appId = '11111111-2222-4333-8444-555555555555'
const files = {
  'heroku.yml': 'build: { docker: { web: whole/Dockerfile } }',
  'project.toml': '',
  'package.json': '{ "workspaces": ["services/*"] }',
  'whole/Dockerfile': 'FROM scratch',
  'services/api/Dockerfile': 'FROM scratch',
  'services/api/package.json': '{}',
  'services/api/notes.txt': '',
  'services/api/.slugignore': 'notes.txt\n',
}

/** What is left of these files for what makes the image, and what is said. */
async function takeSource(projectPath: string, more: Readonly<Record<string, string>> = {}) {
  const folder = path.join(directory, 'repository')
  for (const [name, text] of Object.entries({ ...files, ...more })) {
    await mkdir(path.join(folder, path.dirname(name)), { recursive: true })
    await writeFile(path.join(folder, name), text)
  }
  const sources = new FileSourceStore(path.join(directory, 'sources'), 0)
  const sandbox = { hasOwnRoot: false, owner: null }
  const at = { id: 'one', buildDirectory: directory, cache: path.join(directory, 'cache'), nodePath: process.execPath }
  let told = ''
  const given = {
    options: { sources, sandbox, images: null },
    request: {
      app: { id: appId, name: 'sample' },
      sourceUrl: await sendFolder(sources, folder, appId),
      configVars: new Secret({ PROJECT_PATH: projectPath }),
    },
    place: await makeBuildPlace({ ...at, sandbox: sandbox as never }),
    output: new BuildOutput((text) => {
      told += text
    }),
  }
  const run = await makeImagePlace(given as unknown as BuildRun, { to: '/hearth/source', writable: false })
  await setSourceAside(run, ['heroku.yml', 'project.toml'])
  return { source: sourceOf(run), slug: await readdir(run.place.app), told }
}

it('an image is made of the folder that PROJECT_PATH names, and of nothing around it', async () => {
  const { source, slug, told } = await takeSource('services/api')
  expect((await readdir(source)).sort()).toEqual(['.slugignore', 'Dockerfile', 'package.json'])
  expect(slug).toEqual([])
  expect((await planImages(source)).images).toEqual([
    { name: 'web', origin: { kind: 'dockerfile', file: 'Dockerfile' } },
  ])
  expect(told).toContain('-----> The app is the folder services/api (PROJECT_PATH)\n')
  expect(told).toContain(
    'An image has nothing of what lies around it, and package.json above it holds them together. Without PROJECT_PATH it is made of the whole.\n',
  )
  expect(told).toContain(
    ' !     The heroku.yml above services/api does not count; it would as services/api/heroku.yml.\n',
  )
  expect(told).toContain(' !     The project.toml above services/api does not count')
})

it('a heroku.yml and a project.toml of that folder count', async () => {
  const own = {
    'services/api/heroku.yml': 'build: { docker: { web: Dockerfile, worker: worker/Dockerfile } }',
    'services/api/project.toml': '',
    'services/api/worker/Dockerfile': 'FROM scratch',
    'services/api/package-lock.json': '{}',
  }
  const { source, told } = await takeSource('services/api', own)
  expect((await planImages(source)).images.map(({ name }) => name)).toEqual(['web', 'worker'])
  expect(told).not.toMatch(/does not count|lies around/)
})

it('without PROJECT_PATH an image is made of the whole', async () => {
  const { source, told } = await takeSource('')
  expect((await readdir(source)).sort()).toEqual(['heroku.yml', 'package.json', 'project.toml', 'services', 'whole'])
  expect(told).toBe('')
})

it('a PROJECT_PATH that is not there is refused with the apps that are', async () => {
  await expect(takeSource('services/app')).rejects.toThrow(
    /PROJECT_PATH is 'services\/app', and the source has no such folder\. Apps were found in services\/api \(Node\.js\)/,
  )
})
