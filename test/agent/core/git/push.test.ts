import { describe, expect, test } from 'vitest'
import { defaultDeployBranches, maximumUpdates, planPush, type RefUpdate } from '../../../../agent/core/git/push.ts'

const [before, after] = ['1'.repeat(40), '2'.repeat(40)]
const change = (ref: string): RefUpdate => ({ ref, before, after })
const creation = (ref: string): RefUpdate => ({ ref, before: null, after })
const deletion = (ref: string): RefUpdate => ({ ref, before, after: null })
const plan = (...updates: RefUpdate[]) => planPush(updates, defaultDeployBranches)

describe('a push', () => {
  test.each(['main', 'master'])('to %s is built', (branch) => {
    expect(plan(change(`refs/heads/${branch}`))).toEqual({ kind: 'deploy', branch, commit: after, notes: [] })
  })

  test('to another branch is kept and says what is built', () => {
    expect(plan(creation('refs/heads/feature/x'))).toEqual({
      kind: 'keep',
      notes: ['Pushed to feature/x, skipping build: this app is built from main or master.'],
    })
  })

  test('builds the branch that the app was set to, and no other', () => {
    const production = ['production']
    expect(planPush([change('refs/heads/production')], production)).toMatchObject({ kind: 'deploy' })
    expect(planPush([change('refs/heads/main')], production)).toMatchObject({ kind: 'keep' })
    expect(planPush([deletion('refs/heads/main')], production)).toEqual({ kind: 'keep', notes: [] })
  })

  test('of tags and other branches beside a deploy branch builds that one', () => {
    const updates = [creation('refs/tags/v1'), change('refs/heads/main'), creation('refs/heads/other')]
    expect(plan(...updates)).toMatchObject({
      kind: 'deploy',
      branch: 'main',
      notes: [expect.stringContaining('other')],
    })
  })

  test('of tags alone, and of deletions of other branches, is kept in silence', () => {
    expect(plan(creation('refs/tags/v1'), deletion('refs/tags/v0'), deletion('refs/heads/old'))).toEqual({
      kind: 'keep',
      notes: [],
    })
  })

  test('that deletes a deploy branch is refused with a reason', () => {
    expect(plan(deletion('refs/heads/main'))).toEqual({
      kind: 'refuse',
      reason: "main can't be deleted: the app is built from it. Make another branch the app's deploy branch first.",
    })
  })

  test('of two deploy branches is refused', () => {
    expect(plan(change('refs/heads/main'), creation('refs/heads/master'))).toMatchObject({
      kind: 'refuse',
      reason: expect.stringContaining('main and master'),
    })
  })

  test.each(['refs/remotes/origin/main', 'refs/notes/commits', 'refs/pull/1/head', 'refs/heads/', 'HEAD', 'main'])(
    'of %s, which is neither branch nor tag, is refused',
    (ref) => {
      expect(plan(change('refs/heads/main'), creation(ref))).toMatchObject({ kind: 'refuse' })
    },
  )

  test('of very many refs is refused', () => {
    const many = Array.from({ length: maximumUpdates + 1 }, (_, index) => creation(`refs/tags/${index}`))
    expect(plan(...many)).toMatchObject({ kind: 'refuse', reason: expect.stringContaining('1001') })
    expect(plan(...many.slice(1))).toMatchObject({ kind: 'keep' })
  })

  test('shows no control characters of a name', () => {
    expect(JSON.stringify(plan(creation('refs/heads/a\u001b[31mb')))).not.toContain('\\u001b')
  })
})
