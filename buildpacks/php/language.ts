import type { Language } from '../lib/language.ts'
import { phpFailures } from './failures.ts'

export const language: Language = {
  name: 'PHP',
  buildpack: 'hearth/php',
  detectedBy: ['composer.json', 'index.php'],
  versions: {
    byDefault: "the stack's own (8.2 on Debian 12, 8.4 on Debian 13, 8.1 and 8.3 on Ubuntu 22.04 and 24.04)",
    sources: ['platform in composer.lock', 'require.php in composer.json'],
    available:
      "The stack's own. Extensions are Debian's too: those that composer.json, composer.lock and its packages ask for as ext-…, and curl, mbstring, xml and zip always.",
  },
  managers: [
    {
      name: 'Composer',
      file: 'composer.lock',
      command: 'composer install --no-dev --prefer-dist --optimize-autoloader',
    },
    { name: 'none', file: 'index.php without a composer.json', command: 'nothing' },
  ],
  cache: {
    kept: 'the folder of packages: with another composer.lock what is new is installed into it; the downloads of Composer',
    droppedBy: 'another PHP or stack',
  },
  sameEachTime: 'yes, unless a script of composer.json writes times or random names',
  processes: [
    { type: 'web', of: 'an index.php in the top folder', command: 'heroku-php-apache2' },
    {
      type: 'web',
      of: 'an index.php in public, web, webroot, htdocs or www (Laravel, Symfony, ...)',
      command: 'heroku-php-apache2 FOLDER/ (a guess, and said to be one)',
    },
  ],
  hooks: ['bin/pre_compile', "Composer's own events, and the script `compile`", 'bin/post_compile'],
  configVars: [
    { name: 'COMPOSER', meaning: 'another name of composer.json' },
    { name: 'COMPOSER_AUTH', meaning: "logins of package repositories, as Composer's own" },
    { name: 'COMPOSER_GITHUB_OAUTH_TOKEN', meaning: 'the login of GitHub alone' },
    { name: 'APP_ENV, LOG_CHANNEL', meaning: 'production and stderr for Laravel, unless set' },
    { name: 'APP_ENV, APP_DEBUG', meaning: 'prod and 0 for Symfony, unless set' },
    {
      name: 'WEB_CONCURRENCY',
      meaning:
        'processes of php-fpm: as many as fit into the dyno by memory_limit, from .user.ini or what -i and -F name, or else 128 MB',
    },
  ],
  failures: phpFailures,
  limits: [
    "a PHP of another line than the stack's, extensions that Debian has no package of (the build says what there is)",
    "on This computer, Apache or nginx with php-fpm where it has none: PHP's own server stands in, without .htaccess",
  ],
}
