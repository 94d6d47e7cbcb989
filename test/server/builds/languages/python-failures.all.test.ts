// pip, Poetry, uv, Pipenv and Django themselves fail, on what the package index has that this machine is set up with.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { language } from '../../../../buildpacks/python/language.ts'
import { fixture } from '../../../agent/builds/workshop.ts'
import { type AppFiles, provokeFailures } from './provoke.ts'

/** Python of this machine, whatever else the app says. */
const own = {
  '.python-version': execFileSync('python3', ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])']).toString(),
}
const pip = (requirements: string, more: AppFiles = {}): AppFiles => ({ 'requirements.txt': requirements, ...more })
const pyproject = (python: string, dependencies = '') =>
  `[project]\nname = "shop"\nversion = "1.0.0"\nrequires-python = "${python}"\ndependencies = [${dependencies}]\n`
const uv = (python: string, dependencies = ''): AppFiles => ({
  'pyproject.toml': pyproject(python, dependencies),
  'uv.lock': `version = 1\nrevision = 3\nrequires-python = "${python}"\n\n[[package]]\nname = "shop"\nversion = "1.0.0"\nsource = { virtual = "." }\n`,
})
const shop = (name: string) => readFileSync(`${fixture('python-django-poetry')}/${name}`, 'utf8')
const index = 'https://pypi.org/simple/'
const keep = 'package-mode = false'
/** The app of Poetry for another Python or index, its lock file in step: Poetry knows that by a digest of what the other says. */
function poetry({ python = '>=3.11', url = index, more = '' }): AppFiles {
  const said = `{"project": {"dependencies": ["django (==5.2.19)", "gunicorn (==27.0.1)"], "requires-python": "${python}"}, "tool": {"poetry": {"source": [{"name": "index", "url": "${url}"}]}}}`
  const digest = createHash('sha256').update(said).digest('hex')
  return {
    'pyproject.toml': shop('pyproject.toml')
      .replace('>=3.11', python)
      .replace(index, url)
      .replace('package-mode = false', more),
    'poetry.lock': shop('poetry.lock')
      .replaceAll(index.slice(0, -1), url.replace(/\/$/, ''))
      .replace(/content-hash = .*/, `content-hash = "${digest}"`),
  }
}
/** A package that is compiled when it is installed. */
const compiled = (code: string, setup = ''): AppFiles =>
  pip('./own\n', {
    'own/x.c': code,
    'own/setup.py': `${setup}\nfrom setuptools import Extension, setup\nsetup(name="own", version="1.0.0", ext_modules=[Extension("own", ["x.c"])])\n`,
  })
const hash = `--hash=sha256:${'0'.repeat(64)}`
const ofClick = '--hash=sha256:63c132bbbed01578a06712a2d1f497bb62d9c1c0d329b7903a866228027263b2'

const manage = `import os, sys
from django.core.management import execute_from_command_line
os.environ["DJANGO_SETTINGS_MODULE"] = "shop.settings"
execute_from_command_line(sys.argv)
`
const django = (settings: string, more: AppFiles = {}): AppFiles =>
  pip('django==5.2.19\n', {
    'manage.py': manage,
    'shop/__init__.py': '',
    'shop/settings.py': `SECRET_KEY = "x"\nINSTALLED_APPS = ["django.contrib.staticfiles"]\nSTATIC_URL = "static/"\nSTATIC_ROOT = "gathered"\n${settings}\n`,
    ...more,
  })
const strict =
  'STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}}\nSTATICFILES_DIRS = ["assets"]'

provokeFailures(
  language,
  [
    ['pip-requires-python', pip('django==6.0\n')],
    ['pip-package-needs-python', pip('./own\n', { 'own/pyproject.toml': pyproject('>=3.99') })],
    ['pip-package-not-found', pip('flask-that-is-not-there==1.0\n')],
    ['pip-version-not-found', pip('flask==99.0\n')],
    ['pip-conflict', pip('flask==3.1.0\nwerkzeug==2.0.0\n')],
    ['pip-invalid-requirement', pip('flask=3.0\n')],
    ['pip-file-not-found', pip('-r missing.txt\n')],
    ['pip-hash-mismatch', pip(`click==8.1.8 ${hash}\n`)],
    ['pip-hash-missing', pip(`click==8.1.8 ${ofClick}\nitsdangerous\n`)],
    [
      'poetry-lock-out-of-date',
      { ...poetry({}), 'pyproject.toml': shop('pyproject.toml').replace('"gunicorn', '"flask", "gunicorn') },
    ],
    ['poetry-no-root-package', poetry({})],
    ['poetry-requires-python', poetry({ python: '>=3.99', more: keep })],
    ['poetry-index-unreachable', poetry({ url: 'https://127.0.0.1:9/simple/', more: keep })],
    ['uv-lock-out-of-date', uv('>=3.9', '"click"')],
    ['uv-requires-python', uv('>=3.99')],
    ['uv-no-solution', uv('>=3.9', '"click-that-is-not-there"')],
    [
      'pipenv-requires-python',
      {
        Pipfile: '[packages]\n[requires]\npython_version = "3.99"\n',
        'Pipfile.lock': { _meta: { hash: { sha256: '0' }, sources: [] }, default: {}, develop: {} },
      },
    ],
    [
      'pipenv-lock-out-of-date',
      {
        Pipfile: '[packages]\n',
        'Pipfile.lock': { _meta: { hash: { sha256: '0' }, sources: [] }, default: {}, develop: {} },
      },
    ],
    ['sklearn-name', pip('sklearn\n')],
    ['mysql-headers-missing', pip('mysqlclient==2.2.7\n')],
    ['gdal-missing', pip('GDAL==3.6.2\n')],
    ['header-missing', compiled('#include <nosuch.h>\n')],
    ['compiler-missing', compiled('', 'import os; os.environ["CC"] = "/nowhere/gcc"')],
    ['old-setuptools', compiled('', 'from collections import Mapping')],
    ['package-not-built', compiled('not C\n')],
    ['git-dependency', pip('own @ git+https://127.0.0.1:9/own.git\n')],
    [
      'nltk-not-found',
      pip('nltk\n', { 'nltk.txt': 'nosuch\n', 'index.xml': '<nltk_data><packages /><collections /></nltk_data>' }),
      { NLTK_INDEX_URL: 'file:///app/index.xml' },
    ],
    ['collectstatic-static-root', django('STATIC_ROOT = None\nSTATICFILES_DIRS = ["assets"]', { 'assets/x.css': '' })],
    ['collectstatic-missing-reference', django(strict, { 'assets/x.css': 'p { background: url(missing.png) }\n' })],
    ['collectstatic-missing-folder', django('KEY = open("nowhere/key.txt").read()')],
    ['collectstatic-config-var', django('import os\nKEY = os.environ["PAYMENT_KEY"]')],
    ['collectstatic-syntax', django('def x(:')],
    ['collectstatic-improperly-configured', django('INSTALLED_APPS += ["shop", "shop"]')],
    ['collectstatic-module', django('import environ')],
    [
      'collectstatic-database',
      {
        ...django('import psycopg\npsycopg.connect("host=127.0.0.1 port=1")'),
        'requirements.txt': 'django==5.2.19\npsycopg[binary]\n',
      },
    ],
  ].map(([id, files, vars]) => [id, { ...own, ...(files as AppFiles) }, vars] as never),
  {
    unprovoked: {
      'pg-config-missing': 'needs a machine without the headers of PostgreSQL',
      'rust-missing': 'needs a package that has no wheel and a machine without Rust',
      'python-header-missing': 'needs a machine with a compiler and without the headers of Python',
      'venv-module-missing': 'needs a Debian without python3-venv',
    },
  },
)
