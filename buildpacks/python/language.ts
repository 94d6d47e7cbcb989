import type { Language } from '../lib/language.ts'
import { pythonArchives } from './archives.ts'
import { collectstaticFailures, nltkFailures, pythonFailures } from './failures.ts'
import { managers } from './package-manager.ts'

export const language: Language = {
  name: 'Python',
  buildpack: 'hearth/python',
  detectedBy: [
    'requirements.txt',
    'Pipfile',
    'Pipfile.lock',
    'poetry.lock',
    'uv.lock',
    'pyproject.toml',
    'setup.py',
    'manage.py',
    'app.py',
    'main.py',
    'server.py',
    'runtime.txt',
    '.python-version',
  ],
  versions: {
    byDefault: "the stack's own (3.11 on Debian 12, 3.13 on Debian 13, 3.10 and 3.12 on Ubuntu 22.04 and 24.04)",
    sources: ['runtime.txt', '.python-version', 'python_version in Pipfile.lock', 'requires-python in pyproject.toml'],
    available:
      `The stack's own where it fits, else ${pythonArchives.map(({ version }) => version).join(', ')} from python-build-standalone. ` +
      'An exact patch that is not among them becomes another patch of its line, with a warning.',
  },
  managers: managers.map(({ name, file, tool }) => ({
    name: tool ? `${name} (${tool.version})` : name,
    file,
    command: {
      pip: 'pip install -r requirements.txt',
      Pipenv: 'pipenv install --deploy',
      Poetry: 'poetry install --only main',
      uv: 'uv sync --locked --no-default-groups',
    }[name],
  })),
  cache: {
    kept: 'the virtual environment as installed, where it holds no code of the app itself; data of NLTK; the downloads and wheels of all four; the package manager',
    droppedBy:
      'another lock or requirements file (those it includes too), Python, package manager, stack, or config var of the package manager',
  },
  sameEachTime:
    'yes, with pip, Pipenv, Poetry and uv: bytecode names its source by content; unless a package is compiled by something that writes times',
  processes: [
    {
      type: 'web',
      of: 'Django',
      command: 'gunicorn PROJECT.wsgi, else uvicorn PROJECT.asgi:application, else runserver (all guesses)',
    },
    { type: 'web', of: 'FastAPI, Starlette, Litestar, Quart with uvicorn', command: 'uvicorn MODULE:OBJECT (a guess)' },
    { type: 'web', of: 'Flask', command: "gunicorn 'MODULE:OBJECT', create_app() too, else flask run (a guess)" },
    { type: 'web', of: 'Bottle and Falcon with gunicorn', command: "gunicorn 'MODULE:OBJECT' (a guess)" },
  ],
  hooks: [
    'bin/pre_compile',
    'nltk.txt, whose corpora and models of NLTK are downloaded, where nltk is installed',
    "Django's collectstatic, where the app has django.contrib.staticfiles",
    'bin/post_compile',
  ],
  configVars: [
    { name: 'DISABLE_COLLECTSTATIC', meaning: '1: static files are not collected' },
    { name: 'NLTK_INDEX_URL', meaning: "the address of an index.xml to download NLTK's data by, instead of its own" },
    { name: 'PIP_EXTRA_INDEX_URL, UV_INDEX, ...', meaning: "the package managers' own settings, in the build" },
    {
      name: 'WEB_CONCURRENCY',
      meaning: 'workers of gunicorn and uvicorn: one for 256 MB of the dyno, at most 2 for a core and 1 more',
    },
    { name: 'PYTHONPATH', meaning: 'the app unless set' },
    { name: 'GUNICORN_CMD_ARGS', meaning: 'the log of requests on standard output unless set' },
  ],
  failures: [...pythonFailures, ...nltkFailures, ...collectstaticFailures],
  limits: [
    'PDM, and a pyproject.toml or Pipfile without a lock file (the build says how to make one)',
    'on This computer, packages that are compiled, unless its own compilers and headers are there',
  ],
}
