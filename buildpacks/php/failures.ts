import type { KnownFailure } from '../lib/failures.ts'

const relock = 'Run `composer update`, commit composer.json and composer.lock, then deploy again.'

/** What Composer and PHP say, and what it means. The more exact stands before the more general. */
export const phpFailures: readonly KnownFailure[] = [
  {
    id: 'composer-lock-out-of-sync',
    pattern: /Required package "([^"]+)" is (?:not present in the lock file|in the lock file as)/,
    headline: 'composer.lock does not match composer.json: it lacks $1.',
    advice: relock,
  },
  {
    id: 'extension-missing',
    pattern: /requires (?:PHP extension )?ext-([\w-]+) [^\n]*(?:missing from your system|is missing)/,
    headline: 'The extension $1 is wanted, and is not there.',
    advice: 'Name it in composer.json, under "require": { "ext-$1": "*" }, and run `composer update --lock`.',
  },
  {
    id: 'php-version-mismatch',
    pattern: /requires php (\S[^\n]*?) (?:but|->) your php version/,
    headline: 'The packages want PHP $1, and the server has another one.',
    advice:
      'Set config.platform.php in composer.json to the version of the server, run `composer update`, commit both files; or deploy to a server with a newer release of its system.',
  },
  {
    id: 'composer-version',
    pattern: /requires composer-(?:plugin|runtime)-api (\S+)/,
    headline: 'A package wants a newer Composer than the server has (its API $1).',
    advice: 'Take an older version of that package, or deploy to a server with a newer release of its system.',
  },
  {
    id: 'composer-package-not-found',
    pattern: /requires ([\w./-]+)[^\n]*, it could not be found in any version/,
    headline: 'There is no package $1.',
    advice:
      'Check its name. A package of your own needs its repository in composer.json, and its login in the config var COMPOSER_AUTH.',
  },
  {
    id: 'composer-version-not-found',
    pattern: /requires ([\w./-]+ [^\n,]+?), (?:found [^\n]* but it does not match|it is satisfiable by [^\n]* but)/,
    headline: 'No version fits $1.',
    advice: `Correct it in composer.json. ${relock}`,
  },
  {
    id: 'composer-conflict',
    pattern: /(Your requirements could not be resolved|Your lock file does not contain a compatible set of packages)/,
    headline: 'The packages contradict each other, or what the server has.',
    advice: `Composer names above who wants what. ${relock}`,
  },
  {
    id: 'composer-schema',
    pattern: /does not match the expected JSON schema:?\s*(?:- )?([\w.-]*)/,
    headline: 'composer.json says something that Composer does not understand: $1.',
    advice: 'Run `composer validate`, correct it, then deploy again.',
  },
  {
    id: 'composer-json-invalid',
    pattern: /"?([\w./-]+\.(?:json|lock))"? does not contain valid JSON/,
    headline: '$1 is not valid JSON.',
    advice: 'Run `composer validate`, correct it, then deploy again.',
  },
  {
    id: 'composer-path-missing',
    pattern: /Source path "([^"]+)" is not found|The `url` supplied for the path \((\S+)\) repository does not exist/,
    headline: 'composer.json takes a package from a folder that is no part of what was deployed: $1',
    advice: 'A folder beside the app does not travel: move it into the app, or take the package from git.',
  },
  {
    id: 'composer-login',
    pattern:
      /(?:Could not authenticate against|Invalid credentials \(HTTP 40[13]\) for|requires authentication\)?[^\n]* for|The(?= '\S+ URL required authentication)) '?(?:https?:\/\/)?([\w.-]+)/,
    headline: '$1 asks for a login.',
    advice:
      'Set the config var COMPOSER_AUTH, for example {"http-basic":{"example.com":{"username":"u","password":"p"}}}.',
  },
  {
    id: 'composer-github-limit',
    pattern:
      /(GitHub API limit \(\d+ calls\/hr\) is exhausted|Could not fetch \S+, please (?:create|review) a GitHub OAuth token)/,
    headline: 'GitHub answers no more without a token: it has been asked too often from this address.',
    advice: 'Set the config var COMPOSER_AUTH={"github-oauth":{"github.com":"TOKEN"}}.',
  },
  {
    id: 'composer-not-found',
    pattern: /The "([^"]+)" file could not be downloaded \(HTTP\/\S+ 404/,
    headline: 'A package is not where composer.lock says: $1',
    advice: `It was taken away or moved. ${relock}`,
  },
  {
    id: 'composer-unreachable',
    pattern: /curl error (?:6|7|28|35|60) while downloading (?:https?:\/\/)?([\w.-]+)/,
    headline: '$1 is not reached from this server.',
    advice: 'Check its name and the network of the server. A mirror is named under "repositories" in composer.json.',
  },
  {
    id: 'composer-checksum',
    pattern: /The checksum verification of the file failed \(downloaded from (\S+)\)/,
    headline: 'A package is not the file that composer.lock has the checksum of: $1',
    advice: 'Deploy again. If it stays so, do not use it: see what changed there.',
  },
  {
    id: 'composer-plugin-refused',
    pattern:
      /([\w./-]+) (?:\(installed [^)]*\) )?contains a Composer plugin which is blocked by your allow-plugins config/,
    headline: 'The plugin $1 may not run, as composer.json does not allow it.',
    advice: 'Run `composer config allow-plugins.$1 true` (or false, to leave it out), commit composer.json.',
  },
  {
    id: 'composer-git',
    pattern: /Failed to (?:clone|execute git clone)[^\n]*?((?:https?:\/\/|git@)[^\s'"]+)/,
    headline: 'A package comes from git, and $1 could not be fetched.',
    advice: 'Check its address and that it is public. For a private one set the config var COMPOSER_AUTH.',
  },
  {
    id: 'php-memory',
    pattern: /Allowed memory size of (\d+) bytes exhausted/,
    headline: 'A PHP program of the build used more than its $1 bytes of memory.',
    advice: 'Give it more: php -d memory_limit=1G in the script, or less to do.',
  },
  {
    id: 'php-syntax',
    pattern: /(?:PHP )?Parse error: +([^\n]+)/,
    headline: "PHP can't read a file of the app: $1",
    advice: 'Correct it. A newer syntax than the PHP of the server has is not understood either.',
  },
  {
    id: 'class-not-found',
    pattern: /Class "([^"]+)" (?:not found|does not exist)/,
    headline: 'The app uses the class $1 while it is built, which is not there in production.',
    advice:
      'Move its package from "require-dev" to "require", or check the name of its file: upper and lower case count on a server.',
  },
  {
    id: 'database-in-build',
    pattern: /(SQLSTATE\[(?:HY000|08006)\][^\n]*)/,
    headline: 'A script asks a database while the app is built, and there is none then: $1',
    advice: 'Do it in the release phase instead: `release: php artisan migrate --force` in the Procfile, or the like.',
  },
  {
    id: 'environment-missing',
    pattern: /Environment variable not found: "([A-Z_\d]+)"/,
    headline: 'A script wants the config var $1 while the app is built.',
    advice: 'Set it, then deploy again.',
  },
  {
    id: 'composer-script-failed',
    pattern: /Script (.+?) (?:handling the \S+ event )?returned with error code \d+/,
    headline: 'A script of composer.json failed: $1',
    advice: 'Its output above says why.',
  },
]
