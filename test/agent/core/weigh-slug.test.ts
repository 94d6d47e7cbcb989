import { describe, expect, test } from 'vitest'
import { kindOf, weighSlug } from '../../../agent/core/releases/weigh-slug.ts'

const megabyte = 1024 * 1024
const filesOf = (sizes: Record<string, number>) =>
  Object.entries(sizes).map(([path, size]) => ({ path, sizeBytes: size * megabyte }))

describe('what makes a slug big', () => {
  test('is told by kind, by folder and by file, the biggest first', () => {
    const weight = weighSlug(
      filesOf({
        'index.js': 1,
        'node_modules/a/index.js': 3,
        'node_modules/b/deep/er/lib.js': 30,
        'public/video/tour.mp4': 12,
        'public/style.css': 1,
      }),
    )
    expect(weight).toMatchObject({ size: 47 * megabyte, files: 5 })
    expect(weight.kinds).toEqual([
      { kind: 'dependencies', size: 33 * megabyte, files: 2 },
      { kind: 'media', size: 12 * megabyte, files: 1 },
      { kind: 'code', size: 2 * megabyte, files: 2 },
    ])
    const folders = weight.folders.map(({ path }) => path)
    expect(folders).toEqual(['node_modules/', 'node_modules/b/', 'public/', 'public/video/'])
    expect(weight.biggest[0]).toEqual({ path: 'node_modules/b/deep/er/lib.js', size: 30 * megabyte })
  })

  test('has hints for what nobody needs when the app runs, with lines for .slugignore where those help', () => {
    const { hints } = weighSlug(
      filesOf({ 'node_modules/.cache/babel/x': 5, 'sub/.git/objects/pack/p': 9, 'docs/a.md': 2, 'web/app.js.map': 3 }),
    )
    expect(hints.map(({ size, slugignore }) => [size / megabyte, slugignore])).toEqual([
      [9, ['/sub/.git/']],
      // The build makes it, and .slugignore is read before.
      [5, []],
      [3, []],
      [2, ['/docs/']],
    ])
    expect(weighSlug(filesOf({ 'docs/a.md': 0.5, 'index.js': 9 })).hints).toEqual([])
  })

  test('stays bounded, however many files there are', () => {
    const many = (function* () {
      for (let index = 0; index < 100_000; index += 1) yield { path: `d${index % 5000}/${index}.png`, sizeBytes: index }
    })()
    const weight = weighSlug(many)
    expect(weight.biggest.map(({ size }) => size).slice(0, 2)).toEqual([99_999, 99_998])
    expect([weight.biggest.length, weight.folders.length]).toEqual([12, 12])
    expect(weight.files).toBe(100_000)
  })

  test.each([
    ['vendor/bundle/ruby/3.1.0/gems/rack/lib/rack.rb', 'dependencies'],
    ['.venv/lib/python3.11/site-packages/tests/x.py', 'dependencies'],
    ['app/.git/HEAD', 'history'],
    ['.github/workflows/ci.yml', 'code'],
    ['spec/models/user_spec.rb', 'tests'],
    ['latest/index.js', 'code'],
  ])('takes %s for %s', (path, kind) => {
    expect(kindOf(path)).toBe(kind)
  })
})
