import { BuildError } from '../lib/output.ts'

/** Part of PHP's own packages on every stack. */
const builtIn =
  'calendar core ctype date exif ffi fileinfo filter ftp gettext hash iconv json libxml opcache openssl pcntl pcre pdo phar posix random readline reflection session shmop sockets sodium spl standard sysvmsg sysvsem sysvshm tokenizer zlib'.split(
    ' ',
  )

/** Each Debian package of the stack's PHP, and the extensions in it. Names without a version, so that they fit every stack. */
const packages: Readonly<Record<string, readonly string[]>> = {
  'php-bcmath': ['bcmath'],
  'php-bz2': ['bz2'],
  'php-curl': ['curl'],
  'php-dba': ['dba'],
  'php-enchant': ['enchant'],
  'php-gd': ['gd'],
  'php-gmp': ['gmp'],
  'php-imap': ['imap'],
  'php-intl': ['intl'],
  'php-ldap': ['ldap'],
  'php-mbstring': ['mbstring'],
  'php-mysql': ['mysqli', 'mysqlnd', 'pdo_mysql'],
  'php-odbc': ['odbc', 'pdo_odbc'],
  'php-pgsql': ['pgsql', 'pdo_pgsql'],
  'php-pspell': ['pspell'],
  'php-snmp': ['snmp'],
  'php-soap': ['soap'],
  'php-sqlite3': ['sqlite3', 'pdo_sqlite'],
  'php-sybase': ['pdo_dblib'],
  'php-tidy': ['tidy'],
  'php-xml': ['dom', 'simplexml', 'xml', 'xmlreader', 'xmlwriter', 'xsl'],
  'php-zip': ['zip'],
  'php-amqp': ['amqp'],
  'php-apcu': ['apcu'],
  'php-ds': ['ds'],
  'php-gnupg': ['gnupg'],
  'php-igbinary': ['igbinary'],
  'php-imagick': ['imagick'],
  'php-mailparse': ['mailparse'],
  'php-memcached': ['memcached'],
  'php-mongodb': ['mongodb'],
  'php-msgpack': ['msgpack'],
  'php-redis': ['redis'],
  'php-ssh2': ['ssh2'],
  'php-uuid': ['uuid'],
  'php-yaml': ['yaml'],
}

/** What nearly every app and Composer itself want, so that most apps share one layer. */
const always = ['php-curl', 'php-mbstring', 'php-xml', 'php-zip']

/** The Debian packages with these extensions; throws BuildError for one that no stack has. */
export function chooseExtensionPackages(extensions: ReadonlySet<string>): string[] {
  const wanted = [...extensions].filter((name) => !builtIn.includes(name)).map(findPackage)
  return [...new Set([...always, ...wanted])].sort()
}

function findPackage(extension: string): string {
  const found = Object.entries(packages).find(([, names]) => names.includes(extension))
  if (found) return found[0]
  throw new BuildError(
    'extension-not-available',
    `The app asks for the PHP extension ${extension}, which is not to be had.`,
    `What can be had: ${Object.values(packages).flat().sort().join(', ')}, and all that is part of PHP itself.\nIs it only suggested? Then take ext-${extension} out of composer.json.`,
  )
}
