import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { collectInputs } from '../../buildpacks/python/install.ts'
import { chooseNativeLayers, findDistributions } from '../../buildpacks/python/native-packages.ts'
import { choosePackageManager, managers } from '../../buildpacks/python/package-manager.ts'
import { pythonProfile } from '../../buildpacks/python/profile.ts'
import { freeScripts } from '../../buildpacks/python/venv.ts'
import { choosePython, findPythonWish } from '../../buildpacks/python/version.ts'
import { chooseWebProcess } from '../../buildpacks/python/web-command.ts'
import { appOfEachTest } from './app-folder.ts'

const app = appOfEachTest()
const { write } = app

const wishOf = async (files: Record<string, string>) => findPythonWish(await write(files))

describe('the version of Python that an app asks for', () => {
  it.each([
    [{ 'runtime.txt': 'python-3.12.1\n', '.python-version': '3.13' }, '3.12.1', 'runtime.txt'],
    [
      { '.python-version': '# ours\n3.13\r\n', 'Pipfile.lock': '{"python_version": "3.11"}' },
      '3.13',
      '.python-version',
    ],
    [{ '.python-version': 'cpython-3.12' }, '3.12', '.python-version'],
    [{ 'Pipfile.lock': '{"requires": {"python_version": "3.12"}}' }, '3.12', 'Pipfile.lock'],
    [{ 'pyproject.toml': '[project]\nrequires-python = ">=3.11,<3.13"\n' }, '>=3.11 <3.13', 'pyproject.toml'],
    [{ 'pyproject.toml': '[tool.poetry.dependencies]\npython = "^3.12"\n' }, '^3.12', 'pyproject.toml'],
  ])('in %j is %s', async (files, text, from) => {
    expect(await wishOf(files)).toEqual({ text, from })
  })

  it.each([{ 'runtime.txt': '3.12' }, { '.python-version': '3.12\n3.13\n' }, { '.python-version': 'pypy3.10' }])(
    'is refused in %j',
    async (files) => {
      await expect(wishOf(files)).rejects.toMatchObject({ id: 'invalid-version' })
    },
  )

  it.each(['.python_version', 'python-version', '.python-version.txt', '.python-version '])(
    'is not looked for in %j without a word',
    async (name) => {
      await expect(wishOf({ [name]: '3.13' })).rejects.toMatchObject({ id: 'version-file-name' })
      expect((await wishOf({ '.python-version': '3.12' }))?.text).toBe('3.12')
    },
  )

  it("is the stack's own where that fits, else a pinned archive", () => {
    const choose = (text: string | null, stack = 'debian-12', machine: string | null = null) =>
      choosePython(stack, text === null ? null : { text, from: '.python-version' }, machine)
    expect(choose(null).offer.layer).toBe('apt python3 python3-venv for python3')
    expect(choose(null).warnings.join()).toContain('names no version of Python: using 3.11')
    expect(choose('3.11')).toMatchObject({ offer: { version: '3.11' }, warnings: [] })
    expect(choose('3.13', 'debian-13').offer.version).toBe('3.13')
    expect(choose('3.13').offer.layer).toMatch(
      /^archive python 3\.13\.\d+ sha256:[0-9a-f]{64} https:\/\/\S+linux-gnu\S+$/,
    )
    expect(choose('3.14', 'local', '3.11').offer.layer).toMatch(/^archive python 3\.14/)
    expect(choose('3', 'local', null).offer.layer).toMatch(/^archive /)
    expect(() => choose('2.7')).toThrow(/No version of Python fits '2.7'/)
  })
})

describe('the package manager of a Python app', () => {
  it.each(managers.map(({ file, name }) => [file, name]))('is told by %s: %s', async (file, name) => {
    expect((await choosePackageManager(await write({ [file]: '' }))).name).toBe(name)
  })

  it('is not guessed', async () => {
    const choose = async (files: Record<string, string>) => choosePackageManager(await write(files))
    await expect(choose({ 'pyproject.toml': '' })).rejects.toThrow(/pyproject.toml, but no lock file/)
    await expect(choose({ 'uv.lock': '', 'requirements.txt': '' })).rejects.toThrow(/requirements.txt and uv.lock/)
  })
})

describe('what a kept environment depends on', () => {
  const collect = async (files: Record<string, string>, name: string) => {
    const manager = managers.find((one) => one.name === name) ?? managers[0]
    if (!manager) throw new Error(name)
    return collectInputs(await write(files), manager, '3.11.2')
  }

  it('is every file that requirements include', async () => {
    const files = {
      'requirements.txt': '-r requirements/base.txt\nflask\n',
      'requirements/base.txt': '-c ../pins.txt\n',
      'pins.txt': 'flask==3.1.0',
    }
    const { inputs, holdsSource } = await collect(files, 'pip')
    expect(Object.keys(inputs)).toEqual(
      expect.arrayContaining(['requirements.txt', 'requirements/base.txt', 'pins.txt']),
    )
    expect(holdsSource).toBe(false)
  })

  it.each([
    ['pip', { 'requirements.txt': '-e .\n' }],
    ['pip', { 'requirements.txt': './vendored[all]\n' }],
    ['pip', { 'requirements.txt': 'thing @ file:///app/thing\n' }],
    ['uv', { 'uv.lock': 'source = { editable = "packages/x" }' }],
    ['Poetry', { 'poetry.lock': 'type = "directory"\n', 'pyproject.toml': '[tool.poetry]\npackage-mode = false' }],
    ['Poetry', { 'poetry.lock': '', 'pyproject.toml': '' }],
    ['Pipenv', { 'Pipfile.lock': '{"path": "./x"}' }],
  ])("is the app's code too for %s with %j, so it is not kept", async (name, files) => {
    expect((await collect(files as Record<string, string>, name)).holdsSource).toBe(true)
  })
})

describe('the default web process of a Python app', () => {
  const django = { 'manage.py': '', 'shop/wsgi.py': '', 'shop/asgi.py': '' }
  it.each([
    [django, ['django', 'gunicorn'], 'gunicorn --bind 0.0.0.0:$PORT shop.wsgi'],
    [
      { 'src/manage.py': '', 'src/shop/wsgi.py': '' },
      ['django', 'gunicorn'],
      'gunicorn --chdir src --bind 0.0.0.0:$PORT shop.wsgi',
    ],
    [django, ['django', 'uvicorn'], 'uvicorn --host 0.0.0.0 --port $PORT --proxy-headers shop.asgi:application'],
    [django, ['django'], 'python manage.py runserver --noreload 0.0.0.0:$PORT'],
    [
      { 'main.py': 'api: FastAPI = FastAPI(title="x")\n' },
      ['uvicorn'],
      'uvicorn --host 0.0.0.0 --port $PORT --proxy-headers main:api',
    ],
    [
      { 'src/main.py': 'app = FastAPI()\n' },
      ['uvicorn'],
      'uvicorn --app-dir src --host 0.0.0.0 --port $PORT --proxy-headers main:app',
    ],
    [
      { 'app/main.py': 'app = fastapi.FastAPI()\n' },
      ['uvicorn'],
      'uvicorn --host 0.0.0.0 --port $PORT --proxy-headers app.main:app',
    ],
    [
      { 'app.py': 'from flask import Flask\nweb = Flask(__name__)\n' },
      ['gunicorn'],
      "gunicorn --bind 0.0.0.0:$PORT 'app:web'",
    ],
    [
      { 'app/__init__.py': 'from flask import Flask\ndef create_app():\n' },
      ['gunicorn'],
      "gunicorn --bind 0.0.0.0:$PORT 'app:create_app()'",
    ],
    [
      { 'app.py': 'import flask\napp = flask.Flask("x")\n' },
      [],
      "flask --app 'app:app' run --host 0.0.0.0 --port $PORT",
    ],
    [{ 'app.py': 'app = Bottle()\n' }, ['gunicorn'], "gunicorn --bind 0.0.0.0:$PORT 'app:app'"],
    [{ 'app.py': 'print(1)\n' }, ['gunicorn'], undefined],
    [{ 'main.py': 'app = FastAPI()\n' }, [], undefined],
  ])('of %j with %j is %j', async (files, installed, command) => {
    const packages = installed.map((name) => [`.venv/lib/python3.11/site-packages/${name}/__init__.py`, ''])
    const source = await write({ ...files, ...Object.fromEntries(packages) })
    expect((await chooseWebProcess(source))?.command).toBe(command)
  })
})

describe('packages that have to be compiled', () => {
  it('bring headers and a compiler, others nothing', () => {
    expect(chooseNativeLayers(findDistributions('flask==3.1\npsycopg2-binary\n'), ['python3-dev'])).toEqual([])
    expect(chooseNativeLayers(findDistributions('psycopg2[x]==2.9.10 ; os_name\n'), ['python3-dev'])).toEqual([
      'apt python3-dev libpq-dev for pg_config',
      'toolchain',
    ])
    expect(chooseNativeLayers(findDistributions('[[package]]\nname = "uWSGI"\n'), [])).toEqual(['toolchain'])
    expect(chooseNativeLayers(findDistributions('{"default": {\n  "mysqlclient": {\n'), [])).toHaveLength(2)
  })
})

describe('a Python dyno', () => {
  it('has as many workers as its memory holds, within what its cores can use', async () => {
    await writeFile(path.join(app.path, 'profile.sh'), pythonProfile)
    const concurrency = async (memory: string, more: Record<string, string> = {}) => {
      const script =
        'nproc() { echo 2; }; . ./profile.sh; echo "$WEB_CONCURRENCY $(echo $PATH | cut -d: -f1) $PYTHONPATH"'
      const env = { PATH: process.env.PATH ?? '', HOME: '/app', MEMORY_AVAILABLE: memory, ...more }
      return (await promisify(execFile)('bash', ['-c', script], { cwd: app.path, env })).stdout.trim()
    }
    expect(await concurrency('512')).toBe('2 /app/.venv/bin /app')
    expect(await concurrency('128')).toMatch(/^1 /)
    expect(await concurrency('8192')).toMatch(/^5 /)
    expect(await concurrency('512', { WEB_CONCURRENCY: '9', PYTHONPATH: '' })).toBe('9 /app/.venv/bin')
  })

  it('has scripts that run wherever the app lies', async () => {
    await write({
      '.venv/bin/gunicorn': '#!/somewhere/.venv/bin/python3\nimport sys\n',
      '.venv/bin/own': '#!/bin/sh\nexec /x/bin/python\n',
      '.venv/bin/python3': 'not a script',
      '.venv/bin/__pycache__/own.pyc': '',
    })
    await freeScripts(path.join(app.path, '.venv'))
    const read = (name: string) => readFile(path.join(app.path, '.venv/bin', name), 'utf8')
    expect(await read('gunicorn')).toBe('#!/usr/bin/env python3\nimport sys\n')
    expect(await read('own')).toBe('#!/bin/sh\nexec /x/bin/python\n')
  })
})
