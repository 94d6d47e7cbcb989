import type { Language } from '../lib/language.ts'
import { goArchives } from './archives.ts'
import { goFailures } from './failures.ts'

export const language: Language = {
  name: 'Go',
  buildpack: 'hearth/go',
  detectedBy: ['go.mod', 'go.work'],
  versions: {
    byDefault: `${goArchives.at(-1)?.version}, with a warning`,
    sources: [
      'the config var GOVERSION',
      'the comment `// +heroku goVersion go1.26` in go.work or go.mod',
      'their line toolchain',
      'their line go',
    ],
    available:
      `The newest patch of the line that is asked for: ${goArchives.map(({ version }) => version).join(', ')}, from Go's module proxy or the one of ` +
      'GOPROXY. Code for an older line builds with the oldest of them. The toolchain is there while the app is built, not in its dynos.',
  },
  managers: [
    { name: 'modules', file: 'go.mod, go.sum', command: 'go build' },
    { name: 'vendored modules', file: 'vendor/modules.txt', command: 'go build, without the network' },
    { name: 'workspaces', file: 'go.work', command: 'go build of all modules that it uses' },
  ],
  cache: {
    kept: 'modules as downloaded, packages as compiled',
    droppedBy: 'another version of Go (what was compiled); Go itself knows which package has to be compiled again',
  },
  sameEachTime: 'yes: compiled with -trimpath and without stamps of version control',
  processes: [
    { type: 'web', of: 'the only program of the app', command: 'bin/NAME' },
    { type: 'NAME', of: 'each of several programs', command: 'bin/NAME' },
    {
      type: 'web',
      of: 'several, one of them named server, api, app, http or as the module',
      command: 'bin/NAME (a guess)',
    },
  ],
  hooks: ['bin/go-pre-compile', 'bin/go-post-compile'],
  configVars: [
    {
      name: 'GO_INSTALL_PACKAGE_SPEC',
      meaning: 'packages to build, instead of every program; or `// +heroku install ./cmd/...` in go.mod',
    },
    {
      name: 'GO_LINKER_SYMBOL, GO_LINKER_VALUE',
      meaning: 'a variable of the program and what it is set to; the commit unless set',
    },
    {
      name: 'CGO_ENABLED',
      meaning:
        '1: packages with C code, and a compiler in the build; 0: none. Unset: 1 where the app imports C or a module that is known to (go-sqlite3)',
    },
    { name: 'GOFLAGS, GOPROXY, GOPRIVATE, GONOSUMDB', meaning: "Go's own settings, in the build" },
    {
      name: 'GO_GIT_CRED__HTTPS__GIT__EXAMPLE__COM',
      meaning:
        "`user:password` or a token for private modules of git.example.com, whose names GOPRIVATE has; each dot of the host's name is two underscores",
    },
    { name: 'GOMEMLIMIT', meaning: "nine tenths of the dyno's memory unless set" },
  ],
  failures: goFailures,
  limits: ['dep, godep, govendor, glide and gb'],
}
