import { expect, test } from 'vitest'
import { renderWeight } from '../../../electron/cli/releases/slug-weight.ts'

const megabyte = 1024 * 1024

test('a slug’s weight is a table each of what is in it, with the growth since the slug before and what to leave out', () => {
  const text = renderWeight({
    ...{ size: 5 * megabyte, files: 3, archive_size: 2 * megabyte },
    kinds: [
      { kind: 'media', size: 4 * megabyte, files: 1 },
      { kind: 'code', size: 1 * megabyte, files: 2 },
    ],
    folders: [{ path: 'docs/', size: 4 * megabyte, files: 1 }],
    biggest: [{ path: 'docs/a.png', size: 4 * megabyte }],
    layers: [{ provider: 'node 24.21.0', size: null, apps: 2 }],
    hints: [{ text: 'docs/: not needed.', size: 4 * megabyte, slugignore: ['/docs/'] }],
    previous: { size: 1 * megabyte, files: 2, kinds: [{ kind: 'code', size: 1 * megabyte, files: 2 }] },
  })
  expect(text).toBe(`5.0 MB in 3 files, 2.0 MB packed (+4.0 MB)

WHAT   SIZE    FILES  SINCE THE SLUG BEFORE
media  4.0 MB  1      +4.0 MB
code   1.0 MB  2

FOLDER  SIZE    FILES
docs/   4.0 MB  1

BIGGEST FILE  SIZE
docs/a.png    4.0 MB

LAYER BELOW, ONCE FOR THE SERVER  SIZE  APPS
node 24.21.0                            2

4.0 MB: docs/: not needed.
  .slugignore: /docs/
`)
})
