import { describe, expect, test } from 'vitest'
import { parseGitCommand } from '../../../../agent/core/git/git-command.ts'

describe('a command of git', () => {
  test.each([
    ["git-receive-pack 'my-app.git'", 'git-receive-pack', 'my-app'],
    ["git-upload-pack 'my-app.git'", 'git-upload-pack', 'my-app'],
    ["git receive-pack '/my-app.git'", 'git-receive-pack', 'my-app'],
    ["git upload-pack 'my-app'", 'git-upload-pack', 'my-app'],
    ['git-upload-pack /my-app.git', 'git-upload-pack', 'my-app'],
    ['git-receive-pack my-app', 'git-receive-pack', 'my-app'],
  ])('%j asks for a service on an app', (text, service, app) => {
    expect(parseGitCommand(text)).toEqual({ kind: 'service', service, app })
  })

  test.each([
    "git-receive-pack '../my-app.git'",
    "git-receive-pack '/var/lib/hearth/state.db'",
    "git-receive-pack '//my-app.git'",
    "git-receive-pack '~/my-app.git'",
    "git-receive-pack 'my-app.git/../other.git'",
    "git-receive-pack 'my-app.git/'",
    "git-receive-pack 'my-app.git.git'",
    "git-receive-pack '.git'",
    "git-receive-pack ''",
    'git-receive-pack',
    'git-receive-pack ',
    "git-receive-pack  'my-app.git'",
    "git-receive-pack\t'my-app.git'",
    "git-receive-pack --upload-pack=/bin/sh 'my-app.git'",
    'git-receive-pack --help',
    "git-receive-pack '--help'",
    "git-receive-pack '-x'",
    "git-upload-pack --strict 'my-app.git'",
    "git-receive-pack 'my-app.git'; id",
    "git-receive-pack 'my-app.git' ; id",
    "git-receive-pack 'my-app.git' && id",
    "git-receive-pack 'my-app.git' 'other.git'",
    "git-receive-pack 'my-app.git'\nid",
    "git-receive-pack 'my-app.git\n'",
    "git-receive-pack 'my-app.git\0'",
    "git-receive-pack 'my-app'\\''; id; '.git'",
    "git-receive-pack '$(id)'",
    'git-receive-pack "my-app.git"',
    'git-receive-pack `id`',
    "git-receive-pack 'My-App.git'",
    "git-receive-pack 'my-äpp.git'",
    "git-receive-pack 'a.git'",
    `git-receive-pack '${'a'.repeat(31)}'`,
  ])('%j is refused with a sentence', (text) => {
    expect(parseGitCommand(text)).toMatchObject({ kind: 'refused', message: expect.stringContaining('my-app.git') })
  })

  test.each([
    "git-lfs-authenticate 'my-app.git' upload",
    'git-lfs-transfer my-app.git download',
    'git lfs-authenticate',
  ])('%j is told that LFS is not supported', (text) => {
    expect(parseGitCommand(text)).toMatchObject({ kind: 'refused', message: expect.stringContaining('LFS') })
  })

  test.each([
    '',
    'token',
    'stdio',
    'git',
    'git-shell',
    'git-shell -c "git-receive-pack x"',
    'git --exec-path=/tmp receive-pack x',
    'git -c core.fsmonitor=id status',
    'git-receive-packs x',
    ' git-receive-pack my-app',
    'Git-receive-pack my-app',
    'git-cvsserver server',
    '/usr/bin/git-receive-pack my-app',
    'git\nreceive-pack my-app',
    'scp -t x',
  ])('%j is none', (text) => {
    expect(parseGitCommand(text)).toBeNull()
  })
})
