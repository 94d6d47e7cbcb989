import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isAllAsked } from '../../../tooling/scope.ts'
import { openMirror } from '../mirrors/open-mirror.ts'
import { type LanguageServer, openLanguageServer } from './deploy-language.ts'

// Python is the stack's own, from Debian's packages; what apps ask for comes from the machine's package index.
let server: LanguageServer
beforeAll(async () => {
  server = await openLanguageServer()
}, 400_000)
afterAll(() => server?.[Symbol.asyncDispose]())

const kept = 'Nothing changed since the last build: using its packages'

describe('a Python app on a server', () => {
  it('is installed, guessed how to start, served, and asked by one-off dynos', async () => {
    const app = await server.open('python-flask')
    await app.set({ GREETING: 'good day' })
    const first = await app.deploy()
    expect(first.state, first.output).toBe('succeeded')
    expect(first.output).toContain('-----> Python app detected')
    expect(first.output).toContain('Guessed from app.py how to start the app')
    await app.waitFor('good day from flask')
    await app.scale(2)
    const { output, exitCode } = await app.run(
      'python -c "import flask, os; print(os.environ[\'WEB_CONCURRENCY\'], flask.__name__)"',
    )
    expect({ output, exitCode }).toEqual({ output: expect.stringMatching(/^[1-9]\d* flask\n$/), exitCode: 0 })
    expect(await app.facts()).toMatchObject({
      package_manager: 'pip',
      python_version: expect.stringMatching(/^3\.11\./),
    })
  })
})

if (isAllAsked)
  describe('a Python app on a server, all of it', () => {
    it('drops what it kept, and says why, when requirements change; fails with what to do', async () => {
      const app = await server.open('python-flask')
      expect((await app.deploy()).state).toBe('succeeded')
      await writeFile(path.join(app.folder, 'notes.txt'), 'changed')
      expect((await app.deploy()).output).toContain(kept)
      await app.waitFor('hello from flask')
      await appendFile(path.join(app.folder, 'requirements.txt'), 'iniconfig==2.0.0\n')
      const changed = await app.deploy()
      expect(changed.output).toContain('Not using the packages of the last build: requirements.txt changed')
      expect((await app.run('python -c "import iniconfig"')).exitCode).toBe(0)
      await writeFile(path.join(app.folder, 'requirements.txt'), 'flask==99.0\n')
      expect(await app.deploy()).toMatchObject({
        state: 'failed',
        error: expect.stringContaining('No published version fits flask==99.0'),
      })
    })

    it.each([
      ['python-fastapi-uv', '"from":"fastapi"', 'uvicorn'],
      ['python-django-poetry', 'hello from django', 'shop.wsgi'],
      ['python-bottle-pipenv', 'hello from bottle', 'app:app'],
    ])('of %s is installed by its own package manager, and kept', async (name, answer, command) => {
      const app = await server.open(name)
      await app.set({ SECRET_KEY: 'for tests' })
      const first = await app.deploy()
      expect(first.state, first.output).toBe('succeeded')
      expect(first.output).toContain(command)
      await app.waitFor(answer)
      await writeFile(path.join(app.folder, 'notes.txt'), 'changed')
      expect((await app.deploy()).output).toContain(kept)
      await app.waitFor(answer)
      if (name === 'python-django-poetry') expect((await app.run('ls staticfiles')).output).toContain('site.css')
      if (name === 'python-fastapi-uv') expect((await app.run('python -c "import iniconfig"')).exitCode).toBe(1)
    })

    it('has the data of NLTK that nltk.txt names, and keeps it', async () => {
      await using mirror = await openMirror(server.hearth, '/opt/nltk')
      await writeCorpus(server.hearth.server.path('/opt/nltk'), mirror.url)
      const app = await server.open('python-flask')
      await app.set({ NLTK_INDEX_URL: `${mirror.url}index.xml` })
      await appendFile(path.join(app.folder, 'requirements.txt'), 'nltk==3.10.4\n')
      await writeFile(path.join(app.folder, 'nltk.txt'), '# of the app\nstopwords\n')
      const first = await app.deploy()
      expect(first.state, first.output).toBe('succeeded')
      const ask = 'python -c "from nltk.corpus import stopwords; print(stopwords.words(\'english\'))"; ls $NLTK_DATA'
      expect((await app.run(ask)).output).toBe("['the', 'of']\ncorpora\n")
      expect((await app.deploy()).output).toContain('Nothing changed since the last build: using its data')
      await writeFile(path.join(app.folder, 'nltk.txt'), 'stopwords nosuch\n')
      expect((await app.deploy()).error).toContain('nltk.txt names nosuch, and NLTK has no such data')
    })
  })

/** An index of NLTK with one corpus in it. */
async function writeCorpus(folder: string, url: string): Promise<void> {
  await mkdir(`${folder}/stopwords`, { recursive: true })
  await writeFile(`${folder}/stopwords/english`, 'the\nof\n')
  execFileSync('python3', ['-m', 'zipfile', '-c', 'stopwords.zip', 'stopwords/'], { cwd: folder })
  const zip = await readFile(`${folder}/stopwords.zip`)
  const digest = (name: string) => createHash(name).update(zip).digest('hex')
  const about = `id="stopwords" name="Stopwords" subdir="corpora" unzip="1" size="${zip.length}" unzipped_size="7"`
  await writeFile(
    `${folder}/index.xml`,
    `<nltk_data><packages><package ${about} checksum="${digest('md5')}" sha256_checksum="${digest('sha256')}" url="${url}stopwords.zip" /></packages></nltk_data>`,
  )
}
