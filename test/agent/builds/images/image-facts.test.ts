import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { readImageFacts, throughEntrypoint } from '../../../../agent/builds/images/image-facts.ts'
import { readImageList, requireFolders, writeImageList } from '../../../../agent/builds/images/image-list.ts'
import { digestTree } from '../../../../agent/builds/trees/tree-digest.ts'

const digest = `sha256:${'a'.repeat(64)}`
const inspection = (config: object) =>
  JSON.stringify([{ Digest: digest, Architecture: 'amd64', Os: 'linux', Config: config }])

it('an image’s words become a command line that a shell reads back', () => {
  const config = {
    Entrypoint: ['/entry point.sh'],
    Cmd: ['node', "it's", '$HOME'],
    Env: ['PATH=/bin', 'A=b=c', '2X=no'],
    WorkingDir: '/srv',
    ExposedPorts: { '80/tcp': {} },
  }
  const facts = readImageFacts(inspection(config), '33\n/home/app\n')
  expect(facts).toMatchObject({ digest, platform: 'linux/amd64', directory: '/srv', uid: 33, home: '/home/app' })
  expect(facts.environment).toEqual({ PATH: '/bin', A: 'b=c' })
  const words = execFileSync('bash', ['-c', `printf '%s\\n' ${facts.command}`], { encoding: 'utf8' })
  expect(words).toBe("/entry point.sh\nnode\nit's\n$HOME\n")
})

it('one that says nothing has no command, begins at the root, and is at home there', () => {
  const facts = readImageFacts(inspection({}), '1000\n\n')
  expect(facts).toMatchObject({ command: null, directory: '/', home: '/', exposed: [] })
})

it('an image whose user would be root is not taken', () => {
  expect(() => readImageFacts(inspection({}), '0\n/root\n')).toThrow('not understood')
  expect(() => readImageFacts('{', '33\n/\n')).toThrow('not understood')
})

it('a command of heroku.yml goes through an entry point, where there is one', () => {
  expect(throughEntrypoint([], 'bundle exec puma')).toBe('bundle exec puma')
  expect(throughEntrypoint(['/entry.sh'], 'a && b')).toBe("/entry.sh /bin/sh -c 'a && b'")
})

it('what a slug’s images are stands in its tree, and is read back from there', async () => {
  const app = await makeFolder()
  await mkdir(path.join(app, 'web'))
  await writeImageList(app, [image])
  expect(await readImageList(app, await digestTree(app))).toEqual([image])
})

it('an image whose root is a link is refused, and its list is written through no link', async () => {
  const app = await makeFolder()
  await symlink('/', path.join(app, 'web'))
  const tree = await digestTree(app)
  expect(() => requireFolders(tree, [image])).toThrow('not a folder')
  const victim = path.join(app, 'victim')
  await writeFile(victim, 'whole')
  await symlink(victim, path.join(app, 'images.json'))
  await expect(writeImageList(app, [image])).rejects.toThrow('EEXIST')
  expect(await readFile(victim, 'utf8')).toBe('whole')
})

const image = {
  folder: 'web',
  processTypes: ['web'],
  reference: 'shop:1',
  digest,
  environment: { PATH: '/bin' },
  directory: '/',
  uid: 33,
  home: '/',
}

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'hearth-images-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}
