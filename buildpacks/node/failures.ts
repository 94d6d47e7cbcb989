import type { KnownFailure } from '../lib/failures.ts'

/** What package managers and build scripts say, and what it means. */
export const nodeFailures: readonly KnownFailure[] = [
  {
    id: 'heap-out-of-memory',
    pattern: /JavaScript heap out of memory/,
    headline: 'The build ran out of memory.',
    advice:
      'Give Node a larger heap with the config var NODE_OPTIONS=--max-old-space-size=3072, or make the build use less.',
  },
  {
    id: 'npm-lock-unreadable',
    pattern: /`npm ci` command can only install with an existing package-lock\.json/,
    headline: 'package-lock.json is no lock file that npm can read.',
    advice:
      'It may hold the marks of a merge (<<<<<<<). Delete it, run `npm install`, commit package-lock.json, then deploy again.',
  },
  {
    id: 'npm-lock-out-of-sync',
    pattern:
      /`npm ci` can only install packages when your package\.json and package-lock\.json|npm (?:ERR!|error) code EUSAGE/,
    headline: 'package-lock.json does not match package.json.',
    advice: 'Run `npm install`, commit package-lock.json, then deploy again.',
  },
  {
    id: 'yarn-lock-out-of-date',
    pattern: /Your lockfile needs to be updated|YN0028/,
    headline: 'yarn.lock does not match package.json.',
    advice: 'Run `yarn install`, commit yarn.lock, then deploy again.',
  },
  {
    id: 'pnpm-lock-out-of-date',
    pattern: /ERR_PNPM_OUTDATED_LOCKFILE/,
    headline: 'pnpm-lock.yaml does not match package.json.',
    advice: 'Run `pnpm install`, commit pnpm-lock.yaml, then deploy again.',
  },
  {
    id: 'npm-eresolve',
    pattern: /npm (?:ERR!|error) code ERESOLVE/,
    headline: 'The dependencies contradict each other.',
    advice: 'npm names the two packages above. Change one of their versions, run `npm install`, commit the lock file.',
  },
  {
    id: 'npm-version-not-found',
    pattern:
      /(?:npm (?:ERR!|error) notarget |ERR_PNPM_NO_MATCHING_VERSION\W+)No matching version found for (\S+?)\.?\s/,
    headline: 'No published version fits $1.',
    advice: 'Correct the version in package.json, run `npm install`, commit both files.',
  },
  {
    id: 'npm-package-not-found',
    pattern:
      /(?:npm (?:ERR!|error) 404\s+(?:The requested resource )?'|Couldn't find package "|ERR_PNPM_FETCH_404[^\n]*\n[^\n]*\n)([^\s'"]+)['"]? (?:could not be found|is not in|on the)/,
    headline: 'A package is not in the registry: $1.',
    advice: 'Check its name. A private package needs a token in .npmrc, from a config var.',
  },
  {
    id: 'yarn-version-not-found',
    pattern: /Couldn't find any versions for "([^"]+)" that matches/,
    headline: 'No published version of $1 fits package.json.',
    advice: 'Correct the version in package.json, run `yarn install`, commit both files.',
  },
  {
    id: 'package-json-invalid',
    pattern: /npm (?:ERR!|error) code EJSONPARSE|npm (?:ERR!|error) JSON\.parse/,
    headline: 'package.json is no JSON.',
    advice:
      'The message above says where: a comma too many, a missing quote, marks of a merge. Mend it and deploy again.',
  },
  {
    id: 'npm-integrity',
    pattern: /npm (?:ERR!|error) code EINTEGRITY|ERR_PNPM_TARBALL_INTEGRITY|Integrity check failed for/,
    headline: 'A package is not the one that the lock file names: its checksum is another.',
    advice:
      'If the lock file was edited or merged by hand, delete it, install again and commit it. Else somebody changed the package: look into it.',
  },
  {
    id: 'npm-file-not-found',
    pattern: /npm (?:ERR!|error) enoent[^\n]*no such file or directory, open '([^']+)'/,
    headline: 'npm wants a file that was not deployed: $1.',
    advice: 'A dependency by file: must be in the app, committed, and not named in .slugignore or .gitignore.',
  },
  {
    id: 'npm-invalid-name',
    pattern: /npm (?:ERR!|error) (?:Invalid package name|Invalid tag name) "([^"]+)"/,
    headline: 'package.json has a dependency that can be none: $1.',
    advice: 'Correct its name or its version in package.json.',
  },
  {
    id: 'npm-unsupported-protocol',
    pattern: /npm (?:ERR!|error) Unsupported URL Type "([^"]+)"/,
    headline: 'npm knows no dependencies that begin with $1.',
    advice:
      'workspace: is of pnpm and Yarn: commit their lock file, so that the build uses them, or name a version that npm understands.',
  },
  {
    id: 'npm-missing-script',
    pattern: /npm (?:ERR!|error) Missing script: "([^"]+)"/,
    headline: "package.json has no script '$1'.",
    advice: 'Add it under scripts, or correct the name where it is called.',
  },
  {
    id: 'native-module',
    pattern: /gyp ERR! (?:build error|configure error|not ok)/,
    headline: 'A native module could not be compiled.',
    advice:
      'Above stands what it misses. Name the Debian package that has a header in an Aptfile, or take a version that brings binaries for this Node.js.',
  },
  {
    id: 'install-script',
    // A package, or a folder of the app itself.
    pattern:
      /npm (?:ERR!|error) path (?:\S*?node_modules\/((?:@[^/\s]+\/)?[^/\s]+)|(\S+))\s+npm (?:ERR!|error) command failed/,
    headline: 'The install script of $1 failed.',
    advice:
      'Above stands what it says. Try another version of it, or whether `npm ci` works in an empty copy of the app.',
  },
  {
    id: 'typescript-error',
    pattern: /(\S+\(\d+,\d+\)): error TS\d+:/,
    headline: 'TypeScript found an error in $1.',
    advice: 'Mend it; `npx tsc --noEmit` shows the same on your computer.',
  },
  {
    id: 'require-in-module',
    pattern: /ReferenceError: (require|module|exports|__dirname|__filename) is not defined in ES module scope/,
    headline: "A file uses $1, which ES modules don't have.",
    advice: 'Rename it to .cjs, use import, or take "type": "module" out of package.json.',
  },
  {
    id: 'bundler-unresolved',
    pattern:
      /(?:Could not resolve ['"]|Failed to resolve (?:import )?['"]?|Module not found: Error: Can't resolve ')([^\s'"]+)/,
    headline: 'The bundler does not find $1.',
    advice: 'Is it committed, spelled as the file is (capitals count on Linux), and among the dependencies?',
  },
  {
    id: 'npm-bad-platform',
    pattern: /npm (?:ERR!|error) code EBADPLATFORM/,
    headline: 'A dependency is not made for Linux on this processor.',
    advice: 'Move it to optionalDependencies, or remove it.',
  },
  {
    id: 'npm-engine',
    pattern: /npm (?:ERR!|error) code EBADENGINE/,
    headline: 'A dependency needs another version of Node.js.',
    advice: 'Change engines.node in package.json to one that all dependencies take.',
  },
  {
    id: 'git-missing-repository',
    pattern: /npm (?:ERR!|error) code 128/,
    headline: 'A dependency that comes from git could not be fetched.',
    advice: 'Check its address and that it is public.',
  },
  {
    id: 'openssl-unsupported',
    pattern: /ERR_OSSL_EVP_UNSUPPORTED/,
    headline: 'An old build tool uses a digest that OpenSSL 3 no longer has.',
    advice: 'Update webpack to 5.61 or newer, or set the config var NODE_OPTIONS=--openssl-legacy-provider.',
  },
  {
    id: 'missing-module',
    pattern: /Cannot find (?:module|package) '([^'./][^']*)'/,
    headline: "The build needs the package '$1', which is not among the dependencies.",
    advice: 'Add it to package.json with `npm install`, commit both files.',
  },
  {
    id: 'command-not-found',
    pattern: /sh: (?:\d+: )?([\w@./-]+): (?:command )?not found/,
    headline: "A script calls '$1', which is not installed.",
    advice: 'Add the package that has it to package.json with `npm install`, commit both files.',
  },
]
