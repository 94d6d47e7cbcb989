import { describe, expect, test } from 'vitest'
import { CommitReader } from '../../../agent/git/describe-commit.ts'
import type { GitJob } from '../../../agent/git/git-sandbox.ts'
import { renderConfig } from '../../../agent/git/git-setup.ts'
import { renderGitUnit } from '../../../agent/git/git-unit.ts'
import { parseAnnouncement } from '../../../agent/git/push-pipes.ts'

const job: GitJob = {
  id: 'git-receive-pack',
  repository: '/var/lib/hearth/repositories/1.git',
  isReadOnly: false,
  push: '/run/hearth/git/pushes/2',
  command: ['git', 'receive-pack', '.'],
  environment: { GIT_PROTOCOL: 'version=2' },
  limits: { memoryBytes: 1024, timeoutMs: 60_000 },
}
const place = {
  unit: 'hearth-git-1.service',
  user: 'hearth-git',
  root: '/run/hearth/git/root',
  setup: '/var/lib/hearth/git',
}

describe("git's unit", () => {
  test('has this property set', async () => {
    const text = renderGitUnit({ ...place, job }).join('\n')
    await expect(`${text}\n`).toMatchFileSnapshot('golden/unit.txt')
  })

  test('comes with these settings', async () => {
    await expect(renderConfig({ packBytes: 2048 })).toMatchFileSnapshot('golden/config')
  })

  test('of a fetch writes nothing and has no push to decide', () => {
    const command = renderGitUnit({ ...place, job: { ...job, isReadOnly: true, push: null } })
    expect(command).toContain(`--property=BindReadOnlyPaths=${job.repository}:/repository`)
    expect(command.filter((word) => word.includes('BindPaths='))).toEqual([])
    expect(command.join()).not.toMatch(/HEARTH_PUSH|\/hearth\/push/)
  })
})

const [none, old, now] = ['0'.repeat(40), '1'.repeat(40), '2'.repeat(40)]

describe('what the hook announces', () => {
  test('is the quarantine and what would change', () => {
    const text = `/repository/./objects/tmp_objdir-incoming-aB12cD\n${none} ${now} refs/heads/main\n${old} ${none} refs/tags/v 1\n\n`
    expect(parseAnnouncement(text)).toEqual({
      quarantine: 'tmp_objdir-incoming-aB12cD',
      updates: [
        { ref: 'refs/heads/main', before: null, after: now },
        { ref: 'refs/tags/v 1', before: old, after: null },
      ],
    })
  })

  test.each(['', '/repository/objects', '/x/incoming-../../', '/x/tmp_objdir-incoming-aB12cD/..'])(
    'has no quarantine when that is %j',
    (first) => {
      expect(parseAnnouncement(`${first}\n${none} ${now} refs/heads/main\n\n`).quarantine).toBeNull()
    },
  )

  test('is refused in another form', () => {
    expect(() => parseAnnouncement(`/x\nhello\n\n`)).toThrow('not known')
  })
})

describe('a commit', () => {
  const read = (text: string) => {
    const reader = new CommitReader()
    // As it may arrive.
    for (const piece of text.match(/[\s\S]{1,7}/g) ?? []) reader.read(piece)
    return reader.finish()
  }

  test('is its first line, its files, and what it refers to', () => {
    const entries = [
      `100644 blob ${now}       3\tread me`,
      `160000 commit ${old}       -\tlib/a`,
      `120000 blob ${now}      12\tlink`,
    ]
    expect(read(`Subject\n\0${entries.join('\0')}\0`)).toEqual({
      subject: 'Subject',
      sizeBytes: 15,
      fileCount: 3,
      submodules: [{ path: 'lib/a', commit: old }],
    })
  })

  test('has a subject that harms no terminal', () => {
    expect(read('a\u001b[31mb\u202ec\u0007\0').subject).toBe('a [31mb c')
    expect([...read(`${'😀'.repeat(300)}\0`).subject]).toHaveLength(200)
  })

  test('is refused at the first file that is too many', () => {
    const reader = new CommitReader()
    reader.read('x\0')
    const entry = `100644 blob ${now}       0\ta\0`.repeat(1000)
    expect(() => {
      for (let index = 0; index < 201; index += 1) reader.read(entry)
    }).toThrow('200000 files')
  })

  test('is refused when its files are larger than a source may be', () => {
    expect(() => read(`x\u0000100644 blob ${now}  ${2 ** 32}\ta\0`)).toThrow('2 GB')
  })
})
