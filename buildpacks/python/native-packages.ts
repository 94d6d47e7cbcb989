/**
 * Distributions that an index has as source only, what they are compiled against, and a program that shows that this is there.
 * Most others bring what they need in their wheels.
 */
const natives: readonly { readonly name: RegExp; readonly packages: readonly string[]; readonly program: string }[] = [
  { name: /^psycopg2$/, packages: ['libpq-dev'], program: 'pg_config' },
  { name: /^mysqlclient$/, packages: ['default-libmysqlclient-dev', 'pkg-config'], program: 'pkg-config' },
  { name: /^(pycairo|xmlsec|python-ldap)$/, packages: ['pkg-config'], program: 'pkg-config' },
  { name: /^(uwsgi|pycrypto|netifaces|pysqlite3)$/, packages: [], program: 'gcc' },
]

/** The lines of bin/layers for what will be compiled; `headers` are the packages of Python's own. */
export function chooseNativeLayers(names: ReadonlySet<string>, headers: readonly string[]): string[] {
  const needed = natives.filter(({ name }) => [...names].some((one) => name.test(one)))
  if (needed.length === 0) return []
  const packages = [...new Set([...headers, ...needed.flatMap((one) => one.packages)])]
  const programs = [...new Set(needed.map(({ program }) => program))]
  const layer = packages.length > 0 ? [`apt ${packages.join(' ')} for ${programs.join(' ')}`] : []
  return [...layer, 'toolchain']
}

/** Names of what is to be installed, as indexes write them, from any of the files: good enough to look for a known one. */
export function findDistributions(text: string): Set<string> {
  const names = [...text.matchAll(/^\s*(?:name = )?"?([A-Za-z0-9][\w.-]*)"?\s*(?:$|[=<>~!;[@: {#])/gm)]
  return new Set(names.map(([, name = '']) => name.toLowerCase().replace(/[._]+/g, '-')))
}
