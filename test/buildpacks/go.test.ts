import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { goArchives, renderArchiveUrl } from '../../buildpacks/go/archives.ts'
import { usesC } from '../../buildpacks/go/cgo.ts'
import { goFailures } from '../../buildpacks/go/failures.ts'
import { renderGitLogin } from '../../buildpacks/go/git-login.ts'
import { readModules } from '../../buildpacks/go/go-mod.ts'
import { chooseProcesses } from '../../buildpacks/go/processes.ts'
import { chooseGo, findGoWish } from '../../buildpacks/go/version.ts'
import { recogniseFailure } from '../../buildpacks/lib/failures.ts'
import { appOfEachTest } from './app-folder.ts'

const app = appOfEachTest()
const { write } = app

async function chooseOf(files: Record<string, string>, configVars: Record<string, string> = {}) {
  const modules = await readModules(await write(files))
  return chooseGo(await findGoWish(modules, new Map(Object.entries(configVars))), undefined)
}

describe('a private module', () => {
  it.each([
    ['ann:se:cret', 'username=ann\npassword=se:cret'],
    ['token', 'username=token\npassword=token'],
  ])('is fetched by git with the login of its host, which no other host is told', (login, told) => {
    const configVars = new Map([['GO_GIT_CRED__HTTPS__GIT__EXAMPLE__COM', login]])
    const ask = (host: string) =>
      spawnSync('git', ['credential', 'fill'], {
        input: `protocol=https\nhost=${host}\n\n`,
        env: {
          PATH: process.env.PATH,
          HOME: app.path,
          GIT_TERMINAL_PROMPT: '0',
          ...Object.fromEntries(configVars),
          ...renderGitLogin(configVars),
        },
        encoding: 'utf8',
      })
    expect(ask('git.example.com').stdout).toContain(told)
    expect(ask('other.example.com')).toMatchObject({ stdout: '', status: 128 })
    expect(renderGitLogin(new Map([['GOPRIVATE', 'git.example.com']]))).toEqual({})
  })
})

describe('the version of Go', () => {
  const toolchain = 'module x\n\ngo 1.24\n\ntoolchain go1.25.3\n'
  it.each([
    [{ 'go.mod': toolchain }, { GOVERSION: 'go1.26' }, '1.26.11'],
    [{ 'go.mod': `// +heroku goVersion go1.27\n${toolchain}` }, {}, '1.27.4'],
    [{ 'go.mod': toolchain }, {}, '1.25.14'],
    [{ 'go.mod': 'module x\ngo 1.26.0\n' }, {}, '1.26.11'],
    [{ 'go.mod': 'module x\ngo 1.13\n' }, {}, goArchives[0]?.version],
    [{ 'go.work': 'go 1.26\nuse ./a\n', 'go.mod': 'module x\ngo 1.22\n' }, {}, '1.26.11'],
  ])('of %j with %j is %s', async (files, configVars, version) => {
    expect(await chooseOf(files as Record<string, string>, configVars)).toMatchObject({
      offer: { version },
      warnings: [],
    })
  })

  it('is the newest with a warning where nobody names one, and refused where none fits', async () => {
    expect(await chooseOf({ 'go.mod': 'module x\n' })).toMatchObject({
      offer: { version: goArchives.at(-1)?.version },
      warnings: [expect.stringContaining('names no version')],
    })
    await expect(chooseOf({ 'go.mod': 'module x\ngo 1.99\n' })).rejects.toMatchObject({
      message: "No version of Go fits '1.99' (the line go) on this server.",
      advice: expect.stringContaining('1.26.11'),
    })
    await expect(chooseOf({ 'go.mod': '' }, { GOVERSION: 'devel-abc' })).rejects.toThrow(/not a version of Go/)
  })

  it('comes from the first proxy that is an address', () => {
    expect(renderArchiveUrl('direct,https://go.example/|https://b.example', '1.26.11', 'arm64')).toBe(
      'https://go.example/golang.org/toolchain/@v/v0.0.1-go1.26.11.linux-arm64.zip',
    )
  })
})

describe('a workspace of Go', () => {
  it('has the folders that it uses, in any way of writing', async () => {
    const work = 'go 1.26\n\nuse ./one\nuse (\n\t./two // second\n\t"./three"\n)\n'
    expect((await readModules(await write({ 'go.work': work }))).folders).toEqual(['./two', './three', './one'])
    await expect(readModules(await write({ 'go.work': 'use ../outside\n' }))).rejects.toThrow(/outside of the app/)
  })
})

describe('the processes of a Go app', () => {
  it('are its programs; the only one is the web process', () => {
    const types = (names: string[], module: string | null = null) =>
      Object.fromEntries(chooseProcesses(names, module).map(({ type, command }) => [type, command]))
    expect(types(['greeter'])).toEqual({ web: 'bin/greeter' })
    expect(types(['web', 'worker'])).toEqual({ web: 'bin/web', worker: 'bin/worker' })
    expect(types(['api', 'worker'])).toEqual({ api: 'bin/api', web: 'bin/api', worker: 'bin/worker' })
    expect(types(['shop', 'tool'], 'example.com/shop').web).toBe('bin/shop')
    expect(types(['one', 'two'])).toEqual({ one: 'bin/one', two: 'bin/two' })
    expect(chooseProcesses(['api', 'worker'], null).at(-1)?.guessedFrom).toBe('the name of bin/api')
  })
})

describe('a compiler for C', () => {
  it.each([
    [{ 'go.mod': 'require github.com/mattn/go-sqlite3 v1.14.22\n' }, true],
    [{ 'go.mod': 'require modernc.org/sqlite v1.30.0\n' }, false],
    [{ 'go.mod': '', 'sound/play.go': 'package sound\n\nimport "C"\n' }, true],
    [{ 'go.mod': '', 'vendor/x/x.go': 'import "C"\n' }, false],
  ])('of %j: %s', async (files, expected) => {
    expect(await usesC(await write(files as Record<string, string>))).toBe(expected)
  })
})

// What go 1.26 printed, shortened.
const vendoring = `go: inconsistent vendoring in /app:
	rsc.io/quote@v1.5.1: is explicitly required in go.mod, but not marked as explicit in vendor/modules.txt`
const modulePath = `main.go:3:8: github.com/Sirupsen/logrus@v1.9.3: parsing go.mod:
	module declares its path as: github.com/sirupsen/logrus
	        but was required as: github.com/Sirupsen/logrus`
const cycle = `package example.com/x/a
	imports example.com/x/b from a.go
	imports example.com/x/a from b.go: import cycle not allowed`
const work =
  'go: module a listed in go.work file requires go >= 1.24, but go.work lists go 1.21; to update it:\n\tgo work use'

describe('a failed build of Go', () => {
  it.each([
    ['example.com/x: /go/pkg/tool/linux_amd64/link: signal: killed', 'go-out-of-memory', ''],
    ['go: go.mod requires go >= 1.99 (running go 1.26.8; GOTOOLCHAIN=local)', 'go-version-too-old', '1.99'],
    [work, 'go-work-version', 'a'],
    [
      'pattern ./...: directory prefix . does not contain modules listed in go.work or their selected dependencies',
      'go-work-missing-module',
      '',
    ],
    ['main module (example.com/x) does not contain package example.com/x/b', 'go-package-missing', 'example.com/x/b'],
    ['stat /app/cmd/web: directory not found', 'go-package-missing', '/app/cmd/web'],
    [
      'verifying rsc.io/quote@v1.5.2: checksum mismatch\n\tdownloaded: h1:w5',
      'go-checksum-mismatch',
      'rsc.io/quote@v1.5.2',
    ],
    [
      'verifying example.com/p@v1.0.0: example.com/p@v1.0.0: reading https://sum.golang.org/lookup/example.com/p@v1.0.0: 404 Not Found',
      'go-private-module',
      'example.com/p@v1.0.0',
    ],
    [
      'main.go:3:8: missing go.sum entry for module providing package rsc.io/quote (imported by example.com/x); to add:',
      'go-sum-missing',
      'rsc.io/quote',
    ],
    ['go: updates to go.mod needed; to update it:\n\tgo mod tidy', 'go-mod-out-of-date', 'go.mod'],
    [vendoring, 'go-vendor-out-of-date', ''],
    [modulePath, 'go-module-path', 'github.com/sirupsen/logrus'],
    [
      'main.go:3:8: rsc.io/quote@v1.99.0: reading https://proxy.example.org/rsc.io/quote/@v/v1.99.0.zip: 404 Not Found',
      'go-module-not-found',
      'rsc.io/quote@v1.99.0',
    ],
    [
      'main.go:3:8: example.com/y@v1.0.0: replacement directory ../y-not-there does not exist',
      'go-replacement-missing',
      '../y-not-there',
    ],
    [
      "go: errors parsing go.mod:\ngo.mod:3: invalid go version 'one': must match format 1.23.0",
      'go-mod-invalid',
      'go.mod:3',
    ],
    [
      'main.go:3:8: no required module provides package rsc.io/quote; to add it:',
      'go-package-not-required',
      'rsc.io/quote',
    ],
    ['main.go:3:8: package foo/bar is not in std (/usr/local/go/src/foo/bar)', 'go-package-not-in-std', 'foo/bar'],
    [
      'main.go:3:8: ambiguous import: found package example.com/a/b in multiple modules:\n\texample.com/a v1.0.0',
      'go-ambiguous-import',
      'example.com/a/b',
    ],
    [cycle, 'go-import-cycle', ''],
    [
      'package example.com/x\n\tmain.go:3:8: use of internal package net/http/internal not allowed',
      'go-internal-package',
      'net/http/internal',
    ],
    ['main.go:5:12: pattern static/x.css: no matching files found', 'go-embed-missing', 'static/x.css'],
    ['cgo: C compiler "gcc" not found: exec: "gcc": executable file not found in $PATH', 'go-cgo-compiler', ''],
    ['package x: build constraints exclude all Go files in /app/sound', 'go-excluded-files', '/app/sound'],
    ['./x.go:4:10: fatal error: vips/vips.h: No such file or directory', 'go-header-missing', 'vips/vips.h'],
    ['found packages main (main.go) and other (other.go) in /app', 'go-two-packages', 'other (other.go)'],
    ['./main.go:3:25: syntax error: unexpected } in argument list', 'go-syntax', 'main.go:3:25'],
    ['./main.go:3:8: "os" imported and not used\n./main.go:5:15: declared and not used: a', 'go-unused', '"os"'],
    ['./main.go:5:15: declared and not used: a', 'go-unused', 'not used: a'],
    ['./main.go:3:23: undefined: y', 'go-undefined', 'undefined: y'],
    ['./main.go:3:30: cannot use 1 (untyped int constant) as string value', 'go-compile-error', 'cannot use 1'],
    [
      'go: example.com/x@v1.0.0: dial tcp: lookup proxy.example.org on 10.0.0.1:53: no such host',
      'host-not-found',
      'proxy.example.org',
    ],
    ['something else', 'unknown', ''],
  ])('%j is %s', (output, id, part) => {
    const fallback = { id: 'unknown', headline: 'It failed.', advice: 'Look above.' }
    const failure = recogniseFailure({ status: 1, output }, goFailures, fallback)
    expect(failure.id).toBe(id)
    expect(failure.message).toContain(part)
  })
})
