// The go command itself fails, on what the module proxy has that this machine is set up with.
import { language } from '../../../../buildpacks/go/language.ts'
import { type AppFiles, provokeFailures } from './provoke.ts'

const mod = (more = '') => `module example.com/x\n\ngo 1.26\n${more}`
const main = (body = '', imports = '') => `package main\n\n${imports}\n\nfunc main() {\n${body}\n}\n`
const base = { 'go.mod': mod(), 'main.go': main() }
const code = (body: string, imports = ''): AppFiles => ({ 'main.go': main(body, imports) })
const quote = 'import _ "rsc.io/quote"'
const inC = (text: string): AppFiles => ({ 'main.go': main('', `// ${text}\nimport "C"`) })
/** go.mod and go.sum are made as go builds, so that nothing is missing in them before what is to fail. */
const tidied = { GOFLAGS: '-mod=mod', GONOSUMDB: '*' }

provokeFailures(
  language,
  [
    ['go-version-too-old', {}, { GOVERSION: 'go1.25' }],
    ['go-work-version', { 'go.work': 'go 1.25\n\nuse .\n' }, { GOVERSION: 'go1.26' }],
    [
      'go-work-missing-module',
      { 'go.work': 'go 1.26\n\nuse ./a\n', 'a/go.mod': 'module example.com/a\n\ngo 1.26\n', 'a/a.go': 'package a\n' },
      { GO_INSTALL_PACKAGE_SPEC: './...' },
    ],
    ['go-package-missing', {}, { GO_INSTALL_PACKAGE_SPEC: './cmd/web' }],
    [
      'go-checksum-mismatch',
      {
        ...code('', quote),
        'go.mod': mod('\nrequire rsc.io/quote v1.5.2\n'),
        'go.sum': `rsc.io/quote v1.5.2 h1:${'A'.repeat(43)}=\nrsc.io/quote v1.5.2/go.mod h1:${'A'.repeat(43)}=\n`,
      },
    ],
    ['go-sum-missing', { ...code('', quote), 'go.mod': mod('\nrequire rsc.io/quote v1.5.2\n') }],
    [
      'go-mod-out-of-date',
      {
        ...code('', 'import (\n_ "example.com/one"\n_ "example.com/two"\n)'),
        'go.mod': mod(
          '\nrequire (\nexample.com/one v1.0.0\nexample.com/two v1.0.0\n)\n\nreplace example.com/one => ./one\n\nreplace example.com/two => ./two\n',
        ),
        'one/go.mod': 'module example.com/one\n\ngo 1.26\n\nrequire example.com/two v1.1.0\n',
        'one/one.go': 'package one\n\nimport _ "example.com/two"\n',
        'two/go.mod': 'module example.com/two\n\ngo 1.26\n',
        'two/two.go': 'package two\n',
      },
    ],
    [
      'go-vendor-out-of-date',
      { ...code('', quote), 'go.mod': mod('\nrequire rsc.io/quote v1.5.2\n'), 'vendor/modules.txt': '## none\n' },
    ],
    [
      'go-module-path',
      {
        ...code('', 'import _ "github.com/Sirupsen/logrus"'),
        'go.mod': mod('\nrequire github.com/Sirupsen/logrus v1.9.3\n'),
      },
      tidied,
    ],
    ['go-module-not-found', { ...code('', quote), 'go.mod': mod('\nrequire rsc.io/quote v1.99.0\n') }, tidied],
    [
      'go-replacement-missing',
      { ...code('', quote), 'go.mod': mod('\nrequire rsc.io/quote v1.5.2\n\nreplace rsc.io/quote => ../quote\n') },
    ],
    ['go-mod-invalid', { 'go.mod': mod('\nrequre rsc.io/quote v1.5.2\n') }],
    ['go-package-not-required', code('', quote)],
    ['go-package-not-in-std', code('', 'import _ "foo/bar"')],
    [
      'go-ambiguous-import',
      {
        ...code('', 'import _ "example.com/a/b"'),
        'go.mod': mod(
          '\nrequire example.com/a v1.0.0\n\nrequire example.com/a/b v1.0.0\n\nreplace example.com/a => ./a\n\nreplace example.com/a/b => ./b\n',
        ),
        'a/go.mod': 'module example.com/a\n\ngo 1.26\n',
        'a/b/b.go': 'package b\n',
        'b/go.mod': 'module example.com/a/b\n\ngo 1.26\n',
        'b/b.go': 'package b\n',
      },
    ],
    [
      'go-import-cycle',
      {
        ...code('', 'import _ "example.com/x/a"'),
        'a/a.go': 'package a\n\nimport _ "example.com/x/b"\n',
        'b/b.go': 'package b\n\nimport _ "example.com/x/a"\n',
      },
    ],
    ['go-internal-package', code('', 'import _ "net/http/internal"')],
    ['go-embed-missing', code('', 'import _ "embed"\n\n//go:embed static/*.css\nvar styles string')],
    ['go-cgo-compiler', inC('nothing'), { CGO_ENABLED: '1', CC: 'nosuch-compiler' }],
    [
      'go-excluded-files',
      { ...code('', 'import _ "example.com/x/sound"'), 'sound/sound_windows.go': 'package sound\n' },
    ],
    ['go-header-missing', inC('#include <nosuch.h>'), { CGO_ENABLED: '1' }],
    ['go-two-packages', { 'other.go': 'package other\n' }],
    ['go-syntax', code('println(1')],
    ['go-unused', code('a := 1')],
    ['go-undefined', code('println(a)')],
    ['go-compile-error', code('var a string = 1\nprintln(a)')],
  ],
  {
    base,
    unprovoked: {
      'go-out-of-memory': 'only the limit of a build on a server kills a compiler, and then the build says so itself',
      'go-private-module': 'needs a module that the public checksum database does not know, and that database',
    },
  },
)
