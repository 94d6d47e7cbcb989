import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { recogniseFailure } from '../../buildpacks/lib/failures.ts'
import { renderRuntimes } from '../../buildpacks/lib/profile.ts'
import { nodeFailures } from '../../buildpacks/node/failures.ts'
import { readPackageJson } from '../../buildpacks/node/package-json.ts'
import { choosePackageManager } from '../../buildpacks/node/package-manager.ts'
import { renderNodeProfile } from '../../buildpacks/node/profile.ts'
import { chooseRuntime } from '../../buildpacks/node/runtime.ts'
import { needsToolchain } from '../../buildpacks/node/toolchain.ts'
import { chooseWebCommand } from '../../buildpacks/node/web-command.ts'
import { appOfEachTest } from './app-folder.ts'

const run = promisify(execFile)
const app = appOfEachTest()
const { write } = app

async function chooseLayers(manifest: object, files: Record<string, string> = {}): Promise<string[]> {
  await write({ 'package.json': manifest, ...files })
  const read = await readPackageJson(app.path)
  return chooseRuntime(read, await choosePackageManager(app.path, read), false).lines
}

describe('the runtime of a Node.js app', () => {
  it.each([
    [{}, ['node 24.x']],
    [{ engines: { node: '22.x' } }, ['node 22.x']],
    [{ engines: { node: '26' } }, ['node 26']],
    [{ engines: { node: '>=20' } }, ['node >=20.0.0 <25.0.0']],
    [{ engines: { node: '24.x', npm: '>=9' } }, ['node 24.x']],
    [{ engines: { node: '24.x', npm: '10.8.2' } }, ['node 24.x', 'npm 10.8.2']],
    [{ engines: { node: 'lts/*' } }, ['node 24.x']],
  ])('of %j is %j', async (manifest, layers) => {
    expect(await chooseLayers(manifest)).toEqual(layers)
  })

  it.each([
    [{ 'yarn.lock': '# yarn lockfile v1\n' }, 'yarn 1.22.x'],
    [{ 'yarn.lock': '__metadata:\n  version: 8\n' }, 'yarn 4.x'],
    [{ 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" }, 'pnpm 10.x'],
    [{ 'pnpm-lock.yaml': 'lockfileVersion: 5.4\n' }, 'pnpm 7.x'],
  ])('has the package manager of %j', async (files, layer) => {
    expect(await chooseLayers({}, files)).toEqual(['node 24.x', layer])
  })

  it('takes the exact package manager that package.json pins', async () => {
    const manifest = { packageManager: 'pnpm@9.15.1+sha512.abc' }
    expect(await chooseLayers(manifest, { 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" })).toContain('pnpm 9.15.1')
    await expect(chooseLayers({ packageManager: 'npm@11.0.0' })).rejects.toThrow(/pnpm-lock.yaml, which is pnpm's/)
  })

  it('is refused with advice when it makes no sense', async () => {
    await expect(chooseLayers({ engines: { node: 'banana' } })).rejects.toMatchObject({
      id: 'invalid-engines',
      advice: expect.stringContaining('"node": "24.x"'),
    })
    await write({ 'package.json': '{ oops' })
    await expect(readPackageJson(app.path)).rejects.toMatchObject({ id: 'invalid-package-json' })
    const conflict = chooseLayers({}, { 'package-lock.json': '{}', 'yarn.lock': '' })
    await expect(conflict).rejects.toMatchObject({ id: 'multiple-lock-files' })
  })

  it('has compilers only when something may be compiled', async () => {
    const lock = (text: string) => ({ 'package-lock.json': text })
    const ask = async () => {
      const manifest = await readPackageJson(app.path)
      return needsToolchain(app.path, manifest, await choosePackageManager(app.path, manifest))
    }
    await write({ 'package.json': { dependencies: { ms: '2' } }, ...lock('{"packages": {}}') })
    expect(await ask()).toBe(false)
    await write(lock('{"packages": {"node_modules/x": {"hasInstallScript": true}}}'))
    expect(await ask()).toBe(true)
  })
})

describe('the default web process', () => {
  it.each([
    [{ scripts: { start: 'node server.js' } }, [], 'node server.js'],
    [{ scripts: { start: 'NODE_ENV=x next start -p $PORT' } }, [], 'NODE_ENV=x next start -p $PORT'],
    [{ scripts: { start: 'node a.js && node b.js' } }, [], 'npm start'],
    [{ scripts: { start: 'node a.js', prestart: 'x' } }, [], 'npm start'],
    [{}, ['server.js'], 'node server.js'],
    [{ main: 'lib.js' }, ['lib.js', 'index.js'], 'node lib.js'],
    [{}, ['index.js'], 'node index.js'],
    [{}, ['.output/server/index.mjs', 'index.js'], 'node .output/server/index.mjs'],
    [
      { devDependencies: { '@sveltejs/kit': '2' } },
      ['build/index.js'],
      'PROTOCOL_HEADER=x-forwarded-proto node build/index.js',
    ],
    [{}, ['build/index.js'], undefined],
    [{ dependencies: { astro: '5' } }, ['dist/server/entry.mjs'], 'HOST=0.0.0.0 node dist/server/entry.mjs'],
    [
      {
        scripts: { start: 'ng serve' },
        dependencies: { '@angular/ssr': '20' },
        devDependencies: { '@angular/cli': '20' },
      },
      ['dist/shop/server/server.mjs'],
      'node dist/shop/server/server.mjs',
    ],
    [
      {
        scripts: { start: 'nest start', 'start:prod': 'node dist/main' },
        devDependencies: { '@nestjs/cli': '11' },
      },
      ['index.js'],
      'node dist/main',
    ],
    [{ scripts: { start: 'vite' }, devDependencies: { vite: '7' } }, ['index.js'], undefined],
    [{ scripts: { start: 'next start' }, dependencies: { next: '16' } }, ['server.js'], 'next start'],
  ])('of %j with %j is %j', async (manifest, files, command) => {
    await write({ 'package.json': manifest, ...Object.fromEntries(files.map((name) => [name, ''])) })
    expect((await chooseWebCommand(app.path, await readPackageJson(app.path)))?.command).toBe(command)
  })

  it('is not invented', async () => {
    await write({ 'package.json': {} })
    expect(await chooseWebCommand(app.path, await readPackageJson(app.path))).toBeNull()
  })
})

describe('the profile script', () => {
  it('finds the runtime over the stack or among the layers, also with spaces in their path', async () => {
    const layer = path.join(app.path, 'a layer')
    await mkdir(path.join(layer, 'usr/local/hearth/node-24.1.0/bin'), { recursive: true })
    await mkdir(path.join(layer, 'usr/local/hearth/npm-11.0.0/bin'), { recursive: true })
    await writeFile(
      path.join(app.path, 'profile.sh'),
      renderRuntimes(['node-24.1.0', 'npm-11.0.0']) + renderNodeProfile(''),
    )
    const { stdout } = await run('bash', ['-c', '. ./profile.sh; echo "$PATH"; echo "$NODE_ENV $WEB_CONCURRENCY"'], {
      cwd: app.path,
      env: { PATH: '/usr/bin:/bin', HOME: '/app', HEARTH_LAYERS: `/none:${layer}`, MEMORY_AVAILABLE: '1024' },
    })
    const home = `${layer}/usr/local/hearth`
    expect(stdout).toBe(
      `${home}/npm-11.0.0/bin:${home}/node-24.1.0/bin:/usr/bin:/bin:/app/node_modules/.bin\nproduction 2\n`,
    )
  })
})

// What npm 11.19, pnpm 10, Yarn 1.22, TypeScript 5 and Vite 6 printed when it was provoked, shortened.
const outOfSync = `npm error code EUSAGE
npm error
npm error \`npm ci\` can only install packages when your package.json and package-lock.json or npm-shrinkwrap.json are in sync.`
const unreadable = `npm error code EUSAGE
npm error
npm error The \`npm ci\` command can only install with an existing package-lock.json or
npm error npm-shrinkwrap.json with lockfileVersion >= 1.`
const notFound = `npm error code E404
npm error 404 Not Found - GET https://registry.example.org/@nowhere%2fprivate
npm error 404
npm error 404  The requested resource '@nowhere/private@^1.0.0' could not be found or you do not have permission to access it.`
const pnpmNotFound = ` ERR_PNPM_FETCH_404  GET https://registry.example.org/is-number-nowhere: Not Found - 404
This error happened while installing a direct dependency of /app
is-number-nowhere is not in the npm registry, or you have no permission to fetch it.`
const pnpmVersion =
  ' ERR_PNPM_NO_MATCHING_VERSION  No matching version found for is-number@99.0.0 while fetching it from https://registry.example.org/'

describe('recognised failures', () => {
  const fallback = { id: 'unknown', headline: 'It failed.', advice: 'Look above.' }
  it.each([
    [outOfSync, 'npm-lock-out-of-sync', ''],
    [unreadable, 'npm-lock-unreadable', ''],
    [
      'npm error code ETARGET\nnpm error notarget No matching version found for ms@99.0.0.\n',
      'npm-version-not-found',
      'ms@99.0.0',
    ],
    [pnpmVersion, 'npm-version-not-found', 'is-number@99.0.0'],
    ['error Couldn\'t find any versions for "is-number" that matches "99.0.0"', 'yarn-version-not-found', 'is-number'],
    ['npm error code ERESOLVE\nnpm error ERESOLVE could not resolve', 'npm-eresolve', ''],
    [notFound, 'npm-package-not-found', '@nowhere/private@^1.0.0'],
    [pnpmNotFound, 'npm-package-not-found', 'is-number-nowhere'],
    [
      'error Couldn\'t find package "is-number-nowhere" on the "npm" registry.',
      'npm-package-not-found',
      'is-number-nowhere',
    ],
    ["npm ERR! 404  'left-padd@1.0.0' is not in this registry.", 'npm-package-not-found', 'left-padd@1.0.0'],
    ['npm error code EBADPLATFORM\nnpm error notsup Unsupported platform for fsevents@2.3.3', 'npm-bad-platform', ''],
    ['npm error code EBADENGINE\nnpm error engine Unsupported engine', 'npm-engine', ''],
    ['npm error code 128\nnpm error An unknown git error occurred', 'git-missing-repository', ''],
    [
      'npm error code EJSONPARSE\nnpm error JSON.parse Invalid package.json: JSONParseError',
      'package-json-invalid',
      '',
    ],
    ['npm error code EINTEGRITY\nnpm error Integrity checksum failed when using sha512', 'npm-integrity', ''],
    [
      "npm error enoent ENOENT: no such file or directory, open '/app/nowhere.tgz'",
      'npm-file-not-found',
      '/app/nowhere.tgz',
    ],
    ['npm error Invalid package name "Bad Name" of package "Bad Name@1": name can', 'npm-invalid-name', 'Bad Name'],
    ['npm error Unsupported URL Type "workspace:": workspace:*', 'npm-unsupported-protocol', 'workspace:'],
    ['npm error Missing script: "build"\nnpm error', 'npm-missing-script', "'build'"],
    ['gyp ERR! build error \ngyp ERR! stack Error: `make` failed with exit code: 2', 'native-module', ''],
    ['npm error code 3\nnpm error path /app/node_modules/@a/b\nnpm error command failed', 'install-script', '@a/b'],
    ['npm error code 3\nnpm error path /app/own\nnpm error command failed', 'install-script', '/app/own'],
    [
      "index.ts(1,7): error TS2322: Type 'string' is not assignable to type 'number'.",
      'typescript-error',
      'index.ts(1,7)',
    ],
    ['ReferenceError: require is not defined in ES module scope, you can use import', 'require-in-module', 'require'],
    ['[vite:build-html] Failed to resolve /nowhere.js from /app/index.html', 'bundler-unresolved', '/nowhere.js'],
    ['✘ [ERROR] Could not resolve "./nowhere"', 'bundler-unresolved', './nowhere'],
    ['fatal: unable to access: Could not resolve host: git.example.com', 'host-not-found', 'git.example.com'],
    ['getaddrinfo ENOTFOUND fonts.example.com', 'host-not-found', 'fonts.example.com'],
    ['error Your lockfile needs to be updated', 'yarn-lock-out-of-date', ''],
    [' ERR_PNPM_OUTDATED_LOCKFILE  Cannot install', 'pnpm-lock-out-of-date', ''],
    ['FATAL ERROR: Reached heap limit - JavaScript heap out of memory', 'heap-out-of-memory', ''],
    ["Error: Cannot find module 'left-pad'", 'missing-module', "'left-pad'"],
    ['sh: 1: tsc: not found', 'command-not-found', "'tsc'"],
    ["/lib/libc.so.6: version `GLIBC_2.38' not found", 'glibc-too-old', 'GLIBC_2.38'],
    ['whatever', 'unknown', ''],
  ])('%j is %s', (output, id, part) => {
    const failure = recogniseFailure({ status: 1, output }, nodeFailures, fallback)
    expect(failure.id).toBe(id)
    expect(failure.message).toContain(part)
  })
})
