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
    pattern: /npm (?:ERR!|error) notarget No matching version found for (\S+?)\.?\s/,
    headline: 'No published version fits $1.',
    advice: 'Correct the version in package.json, run `npm install`, commit both files.',
  },
  {
    id: 'npm-package-not-found',
    pattern: /npm (?:ERR!|error) 404\s+(?:Not Found - GET |')?(\S+?)'? /,
    headline: 'A package is not in the registry: $1.',
    advice: 'Check its name. A private package needs a token in .npmrc, from a config var.',
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
