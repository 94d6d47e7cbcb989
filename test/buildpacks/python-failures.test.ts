import { describe, expect, it } from 'vitest'
import { recogniseFailure } from '../../buildpacks/lib/failures.ts'
import { collectstaticFailures, pythonFailures } from '../../buildpacks/python/failures.ts'

// What pip 23.2 and 26, Poetry 2.5, uv 0.13, Pipenv 2026.10 and Django 5.2 printed, shortened.
const fallback = { id: 'unknown', headline: 'It failed.', advice: 'Look above.' }
const pipenvLock = `Your Pipfile.lock
(045bc109efb976f1aed5c42dc69b2cfdfd438d6863093c9758d7d1b1fe584b94) is out of
date. Expected:
(47b9e4d73b1bf4c0d945d5cf231b2902938d83638e5ba7b7f1ab60477975f891).
[DeployException]:   File "/tmp/t/bin/pipenv", line 8, in <module>
ERROR:: Aborting deploy`
const requiresPython = `ERROR: Ignored the following versions that require a different python version: 6.0 Requires-Python >=3.12; 6.1 Requires-Python >=3.12
ERROR: Could not find a version that satisfies the requirement django==6.0 (from versions: 5.2.18, 5.2.19)
ERROR: No matching distribution found for django==6.0`
const hashes = `ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated the package versions, please update the hashes. Otherwise, examine the package contents carefully; someone may have tampered with them.
    flask==3.1.0 from https://files.example.org/flask-3.1.0-py3-none-any.whl (from -r f.txt (line 1)):
        Expected sha256 0000000000000000000000000000000000000000000000000000000000000000`
const noHash = `ERROR: In --require-hashes mode, all requirements must have their versions pinned with ==. These do not:
    Werkzeug>=3.1 from https://files.example.org/werkzeug-3.1.9-py3-none-any.whl (from flask==3.1.0->-r g.txt (line 1))`
const noSolution = `error: No solution found when resolving dependencies
  cause: Because click-not-there was not found in the package registry and your project depends on click-not-there, we can conclude that your project's requirements are unsatisfiable.`
const noRoot = `Installing the current project: xapp (0.1.0)

Error: The current project could not be installed: No file/folder found for package xapp
If you do not want to install the current project use --no-root.`

describe('a failed installation of Python packages', () => {
  it.each([
    [requiresPython, 'pip-requires-python', 'django==6.0'],
    ["ERROR: Package 'xapp' requires a different Python: 3.11.7 not in '>=3.14'", 'pip-package-needs-python', 'xapp'],
    [
      'ERROR: Could not find a version that satisfies the requirement flask-not-there==1 (from versions: none)',
      'pip-package-not-found',
      'flask-not-there==1',
    ],
    [
      'ERROR: Could not find a version that satisfies the requirement flask==99.0 (from versions: 0.1, 3.1.3)\nERROR: No matching distribution found for flask==99.0',
      'pip-version-not-found',
      'flask==99.0',
    ],
    [
      'ERROR: Cannot install -r c.txt (line 1) and werkzeug==2.0.0 because these package versions have conflicting dependencies.',
      'pip-conflict',
      'werkzeug==2.0.0',
    ],
    [
      "ERROR: Invalid requirement: 'flask=3.0' (from line 1 of d.txt)\nHint: = is not",
      'pip-invalid-requirement',
      'flask=3.0',
    ],
    ["ERROR: Invalid requirement: './nothere' (from line 1 of p.txt)", 'pip-invalid-requirement', './nothere'],
    [
      "ERROR: Could not open requirements file: [Errno 2] No such file or directory: 'missing.txt'",
      'pip-file-not-found',
      'missing.txt',
    ],
    [hashes, 'pip-hash-mismatch', 'flask==3.1.0'],
    [noHash, 'pip-hash-missing', 'Werkzeug>=3.1'],
    [
      'pyproject.toml changed significantly since poetry.lock was last generated. Run `poetry lock` to fix the lock file.',
      'poetry-lock-out-of-date',
      '',
    ],
    [noRoot, 'poetry-no-root-package', 'xapp'],
    ['      | All attempts to connect to index.example.org failed.', 'poetry-index-unreachable', 'index.example.org'],
    ['Current Python version (3.11.7) is not allowed by the project (>=3.14).', 'poetry-requires-python', '>=3.14'],
    ['error: The lockfile at `uv.lock` needs to be updated, but `--locked` was provided.', 'uv-lock-out-of-date', ''],
    [
      "error: The requested interpreter resolved to Python 3.11.7, which is incompatible with the project's Python requirement: `>=3.14` (from `project.requires-python`)",
      'uv-requires-python',
      '>=3.14',
    ],
    [noSolution, 'uv-no-solution', 'click-not-there was not found'],
    [pipenvLock, 'pipenv-lock-out-of-date', ''],
    [
      'Warning: Your Pipfile requires "python_version" 3.14, but you are using 3.11.7',
      'pipenv-requires-python',
      '3.14',
    ],
    ["      The 'sklearn' PyPI package is deprecated, use 'scikit-learn'", 'sklearn-name', 'scikit-learn'],
    ['      Error: pg_config executable not found.', 'pg-config-missing', 'psycopg2'],
    ['      Exception: Can not find valid pkg-config name.', 'mysql-headers-missing', 'mysqlclient'],
    ["      gdal_config_error: [Errno 2] No such file or directory: 'gdal-config'", 'gdal-missing', 'GDAL'],
    ["      distutils.errors.DistutilsPlatformError: can't find Rust compiler", 'rust-missing', 'Rust'],
    ['      src/x.c:3:10: fatal error: Python.h: No such file or directory', 'python-header-missing', ''],
    ['      src/x.c:3:10: fatal error: ffi.h: No such file or directory', 'header-missing', 'ffi.h'],
    ["      error: command 'x86_64-linux-gnu-gcc' failed: No such file or directory", 'compiler-missing', ''],
    ["      ModuleNotFoundError: No module named 'pkg_resources'", 'old-setuptools', 'pkg_resources'],
    [
      '  ERROR: Failed building wheel for uwsgi\nFailed to build uwsgi\nERROR: Could not build wheels for uwsgi, which',
      'package-not-built',
      'uwsgi',
    ],
    [
      'error: legacy-install-failure\n\n× Encountered error while trying to install package.\n╰─> own\n',
      'package-not-built',
      'own',
    ],
    [
      "  × git clone --filter=blob:none --quiet 'https://example.org/x/y.git' /app/.venv/src/y did not run successfully.",
      'git-dependency',
      'https://example.org/x/y.git',
    ],
    [
      'The virtual environment was not created successfully because ensurepip is not available.',
      'venv-module-missing',
      '',
    ],
    ['something else', 'unknown', ''],
  ])('%j is %s', (output, id, part) => {
    const failure = recogniseFailure({ status: 1, output }, pythonFailures, fallback)
    expect(failure.id).toBe(id)
    expect(failure.message).toContain(part)
  })
})

const syntax = `  File "<frozen importlib._bootstrap>", line 241, in _call_with_frames_removed
  File "/app/config/settings.py", line 124
    def x(:
          ^
SyntaxError: invalid syntax`
const keyError = `  File "/app/config/settings.py", line 124, in <module>
    import os; SECRET_KEY = os.environ["SECRET_KEY"]
  File "<frozen os>", line 679, in __getitem__
KeyError: 'SECRET_KEY'`

describe('static files that could not be collected', () => {
  it.each([
    [
      "django.core.exceptions.ImproperlyConfigured: You're using the staticfiles app without having set the STATIC_ROOT setting to a filesystem path.",
      'collectstatic-static-root',
      '',
    ],
    [
      "whitenoise.storage.MissingFileError: The file 'missing.png' could not be found with <whitenoise.storage.X object at 0x7faf0fc4c1d0>.",
      'collectstatic-missing-reference',
      'missing.png',
    ],
    [
      "FileNotFoundError: [Errno 2] No such file or directory: '/app/static'",
      'collectstatic-missing-folder',
      '/app/static',
    ],
    [keyError, 'collectstatic-config-var', 'SECRET_KEY'],
    [
      '\ndjango.core.exceptions.ImproperlyConfigured: Set the DATABASE_URL environment variable',
      'collectstatic-config-var',
      'DATABASE_URL',
    ],
    [syntax, 'collectstatic-syntax', '/app/config/settings.py'],
    [
      'django.core.exceptions.ImproperlyConfigured: The app label is wrong.',
      'collectstatic-improperly-configured',
      'label',
    ],
    ["ModuleNotFoundError: No module named 'environ'", 'collectstatic-module', 'environ'],
    [
      'psycopg.OperationalError: connection failed: connection to server at "127.0.0.1"',
      'collectstatic-database',
      'database',
    ],
    ['something else', 'unknown', ''],
  ])('%j is %s', (output, id, part) => {
    const failure = recogniseFailure({ status: 1, output }, collectstaticFailures, fallback)
    expect(failure.id).toBe(id)
    expect(failure.message).toContain(part)
  })
})
