import type { KnownFailure } from '../lib/failures.ts'

/** What package managers say, and what it means. Looked for in this order, so the more exact stands before the more general. */
const packageFailures: readonly KnownFailure[] = [
  {
    id: 'pip-requires-python',
    pattern:
      /Ignored the following versions that require a different python version: [\s\S]*?satisfies the requirement (\S+)/,
    headline: 'No version of $1 fits both what is asked for and this version of Python.',
    advice:
      'The versions above say what Python they need. Write a newer one into .python-version, or ask for an older package.',
  },
  {
    id: 'pip-package-needs-python',
    pattern: /Package '?([\w.-]+)'? requires a different Python: \S+ not in/,
    headline: '$1 needs another version of Python.',
    advice: 'Write that version into .python-version, or ask for another version of the package.',
  },
  {
    id: 'pip-package-not-found',
    pattern: /satisfies the requirement (\S+) \(from versions: none\)/,
    headline: 'The package index has no package $1.',
    advice:
      'Check its name in requirements.txt. A package of your own index needs PIP_EXTRA_INDEX_URL as a config var.',
  },
  {
    id: 'pip-version-not-found',
    pattern: /satisfies the requirement (\S+) \(from versions: /,
    headline: 'No published version fits $1.',
    advice: 'The versions that there are stand above. Correct it in requirements.txt.',
  },
  {
    id: 'pip-conflict',
    pattern: /Cannot install (.+?) because these package versions have conflicting dependencies|ResolutionImpossible/,
    headline: 'The requirements contradict each other: $1.',
    advice: 'pip names above who wants what. Loosen one of the versions in requirements.txt.',
  },
  {
    id: 'pip-invalid-requirement',
    pattern: /ERROR: Invalid requirement: '?([^'\n]+?)'?(?: \(from|:|\n|$)/,
    headline: "pip can't read '$1' in requirements.txt.",
    advice:
      'A requirement is a name and perhaps a version: flask==3.1.0. A file that it names must be part of the app.',
  },
  {
    id: 'pip-file-not-found',
    pattern: /Could not open requirements file: .*No such file or directory: '([^']+)'/,
    headline: 'requirements.txt includes $1, which is not there.',
    advice: 'Check its path, and that neither .gitignore nor .slugignore names it.',
  },
  {
    id: 'pip-hash-mismatch',
    pattern: /THESE PACKAGES DO NOT MATCH THE HASHES[\s\S]*?\n\s+(\S+?) from/,
    headline: '$1 is not the file whose hash requirements.txt has.',
    advice: 'If you changed its version, make the hashes anew (pip-compile --generate-hashes). If not, do not use it.',
  },
  {
    id: 'pip-hash-missing',
    pattern: /In --require-hashes mode, all requirements must have[^\n]*\n\s+(\S+)/,
    headline: 'Some requirements have hashes and some have none: $1.',
    advice: 'Give all of them one, those that others bring too (pip-compile --generate-hashes), or none.',
  },
  {
    id: 'poetry-lock-out-of-date',
    pattern:
      /pyproject\.toml changed significantly since poetry\.lock was last generated|poetry\.lock is not up to date/,
    headline: 'poetry.lock does not match pyproject.toml.',
    advice: 'Run `poetry lock`, commit poetry.lock, then deploy again.',
  },
  {
    id: 'poetry-no-root-package',
    pattern: /The current project could not be installed: No file\/folder found for package (\S+)/,
    headline: 'Poetry wants to install the app itself as the package $1, and finds no such folder.',
    advice: 'If the app is no package, write into pyproject.toml:\n  [tool.poetry]\n  package-mode = false',
  },
  {
    id: 'poetry-requires-python',
    pattern: /Current Python version \([\d.]+\) is not allowed by the project \(([^)]+)\)/,
    headline: 'pyproject.toml asks for Python $1, and this is another.',
    advice: 'Write a version that fits into .python-version, or change requires-python and run `poetry lock`.',
  },
  {
    id: 'poetry-index-unreachable',
    pattern: /All attempts to connect to (\S+) failed/,
    headline: 'Poetry can not reach $1, or does not trust its certificate.',
    advice:
      'Is the source in pyproject.toml right, and does the server reach it? An authority of your own has to be trusted by the server.',
  },
  {
    id: 'uv-lock-out-of-date',
    pattern: /The lockfile at `uv\.lock` needs to be updated, but `--locked` was provided/,
    headline: 'uv.lock does not match pyproject.toml.',
    advice: 'Run `uv lock`, commit uv.lock, then deploy again.',
  },
  {
    id: 'uv-requires-python',
    pattern:
      /interpreter resolved to Python [\d.]+, which is incompatible with the project's Python requirement: `([^`]+)`/,
    headline: 'pyproject.toml asks for Python $1, and this is another.',
    advice: 'Write a version that fits into .python-version, or change requires-python and run `uv lock`.',
  },
  {
    id: 'uv-no-solution',
    pattern: /No solution found when resolving dependencies[\s\S]*?Because (.+?)[,\n]/,
    headline: 'No versions fit together: $1.',
    advice: 'Correct pyproject.toml, run `uv lock`, commit both files.',
  },
  {
    id: 'pipenv-requires-python',
    pattern: /Your Pipfile requires "python_(?:full_)?version" ([\d.]+)/,
    headline: 'The Pipfile asks for Python $1, and this is another.',
    advice: 'Write a version that fits into .python-version, or change the Pipfile and run `pipenv lock`.',
  },
  {
    id: 'pipenv-lock-out-of-date',
    // It breaks lines wherever they reach the width of its terminal.
    pattern: /Pipfile\.lock\s+\([0-9a-f]+\)\s+is\s+out\s+of\s+date/,
    headline: 'Pipfile.lock does not match the Pipfile.',
    advice: 'Run `pipenv lock`, commit Pipfile.lock, then deploy again.',
  },
  {
    id: 'sklearn-name',
    pattern: /sklearn-pypi-package|The 'sklearn' PyPI package is deprecated/,
    headline: 'The package is named scikit-learn, not sklearn.',
    advice: 'Write scikit-learn instead, also where a package of yours asks for it.',
  },
  {
    id: 'pg-config-missing',
    pattern: /pg_config executable not found/,
    headline: 'psycopg2 is compiled on installation, and the headers of PostgreSQL are not here.',
    advice: 'Ask for psycopg2-binary or psycopg[binary] instead, which bring what they need.',
  },
  {
    id: 'mysql-headers-missing',
    pattern: /Can not find valid pkg-config name|mysql_config: not found|mysql_config not found/,
    headline: 'mysqlclient is compiled on installation, and the headers of MySQL are not here.',
    advice: 'Ask for PyMySQL instead, which needs none, or deploy to a server, where Hearth installs them.',
  },
  {
    id: 'gdal-missing',
    pattern: /No such file or directory: '?gdal-config|Could not find the GDAL library/,
    headline: 'A package needs the library GDAL, which is not here.',
    advice: 'Ask for a package that brings it, such as rasterio, fiona or pyogrio as wheels.',
  },
  {
    id: 'rust-missing',
    pattern: /can't find Rust compiler|Cargo, the Rust package manager, is not installed|error: cargo not found/i,
    headline: 'A package has no ready wheel for this Python, and would be compiled from Rust.',
    advice: 'Ask for a newer version of it, or for a version of Python that it has wheels for, in .python-version.',
  },
  {
    id: 'python-header-missing',
    pattern: /fatal error: Python\.h: No such file/,
    headline: "A package is compiled on installation, and Python's own headers are not here.",
    advice:
      'Ask for a version that has a wheel for this Python, or name an exact Python in .python-version, which brings them.',
  },
  {
    id: 'header-missing',
    pattern: /fatal error: (\S+\.h(?:pp)?): No such file/,
    headline: 'A package is compiled on installation and needs $1, which is not here.',
    advice: 'Ask for a version of it that has a wheel for this Python.',
  },
  {
    id: 'compiler-missing',
    pattern:
      /command '\S*(gcc|cc|g\+\+|clang)' failed: No such file|No such file or directory: '(?:gcc|cc)'|you need a C compiler/,
    headline: 'A package has no ready wheel for this Python, and there is no compiler in this build.',
    advice: 'Ask for a version that has a wheel for this Python, or for another Python, in .python-version.',
  },
  {
    id: 'old-setuptools',
    pattern:
      /No module named '(pkg_resources|distutils|setuptools|imp)'|ImportError: cannot import name '(?:Mapping|Callable)' from 'collections'/,
    headline: 'A package is too old for this version of Python (it wants $1).',
    advice: 'Ask for a newer version of it, or for an older Python in .python-version.',
  },
  {
    id: 'package-not-built',
    pattern:
      /(?:legacy-install-failure[\s\S]*?╰─>|Could not build wheels for|Failed to build installable wheels for some pyproject\.toml based projects \(|Failed to build) '?([\w.-]+)/,
    headline: '$1 has no ready wheel for this Python and could not be compiled.',
    advice: 'Its output above says why. Ask for a version that has a wheel, or for another Python in .python-version.',
  },
  {
    id: 'git-dependency',
    pattern: /git (?:clone|fetch) .*?'?((?:https?|ssh|git):\/\/\S+?)'? .*did not run successfully/,
    headline: 'A dependency that comes from git could not be fetched: $1.',
    advice:
      'Check its address and that it is public; a private one needs a token in its https address, from a config var.',
  },
]

const environmentFailures: readonly KnownFailure[] = [
  {
    id: 'venv-module-missing',
    pattern: /ensurepip is not available|No module named venv/,
    headline: "This computer's Python can't make virtual environments.",
    advice:
      'On Debian and Ubuntu: sudo apt install python3-venv. Or name an exact version in .python-version, and Hearth brings it.',
  },
]

/** Why Django can't collect static files, which it does with the app's settings. */
const djangoFailures: readonly KnownFailure[] = [
  {
    id: 'collectstatic-static-root',
    pattern: /staticfiles app without having set the STATIC_ROOT setting/,
    headline: 'The settings do not say where static files are gathered.',
    advice:
      "Write into them: STATIC_ROOT = BASE_DIR / 'staticfiles'. To do without, set the config var DISABLE_COLLECTSTATIC=1.",
  },
  {
    id: 'collectstatic-missing-reference',
    pattern: /The file '([^'\n]+)' could not be found with </,
    headline: 'A style sheet names $1, which is not among the static files.',
    advice: 'Correct the path in it, or remove the line.',
  },
  {
    id: 'collectstatic-missing-folder',
    pattern: /FileNotFoundError: .*No such file or directory: '([^']+)'/,
    headline: 'Collecting static files looks for $1, which is not there.',
    advice: 'An empty folder is not in git: put a file into it, or take it out of STATICFILES_DIRS.',
  },
  {
    id: 'collectstatic-config-var',
    pattern: /\n(?:KeyError: '|decouple\.UndefinedValueError: |.*ImproperlyConfigured: Set the )([A-Z][A-Z0-9_]*)/,
    headline: 'The settings want the config var $1, which the app does not have.',
    advice: 'Set it (a build has all config vars of the app), or give it a default in the settings.',
  },
  {
    id: 'collectstatic-syntax',
    pattern: /File "([^"]+)", line \d+\n(?: {4}.*\n)*(?:SyntaxError|IndentationError|TabError): /,
    headline: 'Python can not read $1.',
    advice: 'Its output above shows the line. Was it written for another version of Python?',
  },
  {
    id: 'collectstatic-improperly-configured',
    pattern: /ImproperlyConfigured: (.+)/,
    headline: 'Django does not take the settings: $1',
    advice: 'Correct them. To do without static files, set the config var DISABLE_COLLECTSTATIC=1.',
  },
  {
    id: 'collectstatic-module',
    pattern: /ModuleNotFoundError: No module named '([^'.]+)/,
    headline: "The app imports '$1', which is not installed.",
    advice: 'Add the package that has it to requirements.txt, or to the dependencies and the lock file.',
  },
  {
    id: 'collectstatic-database',
    pattern: /OperationalError: .*(?:could not connect|connection .*failed|could not translate host name)/,
    headline: 'The settings, or what they import, connect to the database, which builds have no need of.',
    advice: 'Connect when a request needs it. To do without static files, set the config var DISABLE_COLLECTSTATIC=1.',
  },
]

/** Why data of NLTK can't be had. */
export const nltkFailures: readonly KnownFailure[] = [
  {
    id: 'nltk-not-found',
    pattern: /Package '([^']+)' not found in index/,
    headline: 'nltk.txt names $1, and NLTK has no such data.',
    advice: 'Names are as in `nltk.download()`: stopwords, punkt_tab, wordnet; book and popular are many at once.',
  },
]

export const pythonFailures: readonly KnownFailure[] = [...packageFailures, ...environmentFailures]
export const collectstaticFailures: readonly KnownFailure[] = djangoFailures
