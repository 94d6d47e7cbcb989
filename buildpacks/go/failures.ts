import type { KnownFailure } from '../lib/failures.ts'

/** What the go command says, and what it means. What is wrong with modules comes before what is wrong with code. */
export const goFailures: readonly KnownFailure[] = [
  {
    id: 'go-out-of-memory',
    pattern: /(?:compile|link): signal: killed|cannot allocate memory/,
    headline: 'The compiler was killed: it used more memory than a build may have.',
    advice:
      'Set the config var GOFLAGS=-p=1, so that it compiles one package at a time, or raise the limit for builds.',
  },
  {
    id: 'go-version-too-old',
    pattern: /requires go >= (\S+) \(running go/,
    headline: 'A module needs Go $1 or newer, and this one is older.',
    advice: 'Write that version into the line "go" of go.mod, run `go mod tidy`, commit go.mod and go.sum.',
  },
  {
    id: 'go-work-version',
    pattern: /module (\S+) listed in go\.work file requires go >= /,
    headline: 'The module $1 needs a newer Go than go.work says.',
    advice: 'Run `go work use`, commit go.work, then deploy again.',
  },
  {
    id: 'go-work-missing-module',
    pattern:
      /directory prefix (\S+) does not contain modules listed in go\.work|contained in a module that is not one of the workspace modules/,
    headline: 'What is built is in no module of go.work: $1.',
    advice: 'Run `go work use` with its folder, commit go.work, then deploy again.',
  },
  {
    id: 'go-package-missing',
    pattern: /main module \(\S+\) does not contain package (\S+)|stat (\S+): directory not found/,
    headline: 'What is to be built is not part of the module: $1.',
    advice:
      'Check GO_INSTALL_PACKAGE_SPEC, or the comment +heroku install. A folder with a go.mod of its own is another module: `go work use` adds it.',
  },
  {
    id: 'go-checksum-mismatch',
    pattern: /verifying (\S+): checksum mismatch/,
    headline: '$1 is not the code that go.sum has the checksum of.',
    advice:
      'Do not use it before you know why. If it is your own module and its tag was moved, publish it under a new version.',
  },
  {
    id: 'go-private-module',
    pattern: /verifying (\S+?)(?:\/go\.mod)?: (?:\S+: )?reading \S*(?:sumdb|sum\.golang\.org)\S*: (?:404|410)/,
    headline: "The public checksum database doesn't know $1, so it is private.",
    advice: 'Set the config var GOPRIVATE to its name, or run `go mod vendor` and commit vendor.',
  },
  {
    id: 'go-sum-missing',
    pattern: /missing go\.sum entry (?:for module providing package|for go\.mod file of|for) ?(\S*)/,
    headline: 'go.sum has no entry for $1.',
    advice: 'Run `go mod tidy`, commit go.mod and go.sum, then deploy again.',
  },
  {
    id: 'go-mod-out-of-date',
    pattern: /updates to (go\.mod|go\.sum) needed/,
    headline: '$1 does not match the code.',
    advice: 'Run `go mod tidy`, commit go.mod and go.sum, then deploy again.',
  },
  {
    id: 'go-vendor-out-of-date',
    pattern: /inconsistent vendoring in/,
    headline: 'The folder vendor does not match go.mod.',
    advice: 'Run `go mod vendor`, commit vendor, or remove the folder.',
  },
  {
    id: 'go-module-path',
    pattern: /module declares its path as: (\S+)/,
    headline: 'A module is named $1, and required by another name.',
    advice: 'Use that name in go.mod and in all imports; a fork needs a replace line.',
  },
  {
    id: 'go-module-not-found',
    pattern: /([\w./~-]+@v[\w.+-]+): (?:reading \S+: 40[34]|invalid version|unknown revision)/,
    headline: '$1 is not to be had.',
    advice:
      'Check its name and version in go.mod. A private module needs GOPRIVATE and a login, or vendor in the repository.',
  },
  {
    id: 'go-replacement-missing',
    pattern: /replacement directory (\S+) does not exist/,
    headline: 'go.mod replaces a module by $1, which is not part of the app.',
    advice: 'Deploy the folder that has both, or take the replace line out of go.mod.',
  },
  {
    id: 'go-mod-invalid',
    pattern: /errors parsing go\.(?:mod|work):\n(.+)/,
    headline: "Go can't read go.mod: $1",
    advice: 'Correct the line; `go mod edit -fmt` shows whether it can be read.',
  },
  {
    id: 'go-package-not-required',
    pattern: /no required module provides package (\S+?);/,
    headline: 'The code imports $1, which go.mod does not name.',
    advice: 'Run `go mod tidy`, commit go.mod and go.sum, then deploy again.',
  },
  {
    id: 'go-package-not-in-std',
    pattern: /package (\S+) is not in std/,
    headline: 'The code imports $1, which is neither a module nor part of Go.',
    advice: "Write the whole path, beginning with the module's name as in go.mod. A newer Go may have it too.",
  },
  {
    id: 'go-ambiguous-import',
    pattern: /ambiguous import: found package (\S+) in multiple modules/,
    headline: 'Two modules have the package $1.',
    advice: 'Update the one that used to hold it: `go get` its newest version, then `go mod tidy`.',
  },
  {
    id: 'go-import-cycle',
    pattern: /import cycle not allowed/,
    headline: 'Packages of the app import each other in a circle.',
    advice: 'The circle stands above. Move what both need into a package of its own.',
  },
  {
    id: 'go-internal-package',
    pattern: /use of internal package (\S+) not allowed/,
    headline: 'The code imports $1, which is internal to another module.',
    advice: 'Use what that module offers to others, or copy the part that you need.',
  },
  {
    id: 'go-embed-missing',
    pattern: /pattern (\S+): no matching files found/,
    headline: 'The code embeds $1, and no such file is there.',
    advice: 'If a build step makes it, make it in bin/go-pre-compile. If not, check .gitignore and .slugignore.',
  },
  {
    id: 'go-cgo-compiler',
    pattern: /cgo: C compiler "?(\S+?)"? not found/,
    headline: 'A package is written in C too, and there is no compiler in this build.',
    advice:
      'Set the config var CGO_ENABLED=1 and deploy to a server, or use a package without C (modernc.org/sqlite for SQLite).',
  },
  {
    id: 'go-excluded-files',
    pattern: /build constraints exclude all Go files in (\S+)/,
    headline: 'Nothing of $1 is for this system, or it needs C.',
    advice: 'If it needs C set the config var CGO_ENABLED=1.',
  },
  {
    id: 'go-header-missing',
    pattern: /fatal error: (\S+\.h): No such file/,
    headline: 'A package is compiled from C and needs $1, which is not here.',
    advice: 'Use a package without C.',
  },
  {
    id: 'go-two-packages',
    pattern: /found packages (\w+ \(\S+\) and \w+ \(\S+\)) in/,
    headline: 'Two packages are in one folder: $1.',
    advice: 'Give all files of a folder the same package line, or move one.',
  },
  {
    id: 'go-syntax',
    pattern: /(\S+\.go:\d+:\d+: syntax error: .+)/,
    headline: '$1',
    advice: 'Correct it; `gofmt -e` finds such errors before a deploy.',
  },
  {
    id: 'go-unused',
    pattern: /(\S+\.go:\d+:\d+: (?:"\S+" imported and not used|declared and not used: \w+))/,
    headline: '$1',
    advice: 'Remove it; Go refuses what is never used.',
  },
  {
    id: 'go-undefined',
    pattern: /(\S+\.go:\d+:\d+: undefined: \S+)/,
    headline: '$1',
    advice: 'Is the file that has it committed, and not meant for another system by its name (x_windows.go)?',
  },
  {
    id: 'go-compile-error',
    pattern: /(\S+\.go:\d+:\d+: .+)/,
    headline: '$1',
    advice: '`go build ./...` on your machine should fail the same way.',
  },
]
