import { describe, expect, it } from 'vitest'
import { SourcePaths } from '../../../../agent/core/builds/source-path.ts'

describe('source paths', () => {
  it.each([
    ['../evil', /'\.\.\/evil'.*lead out/],
    ['a/../../evil', /lead out/],
    ['/etc/passwd', /absolute/],
    ['a\0b', /NUL/],
    ['', /empty/],
    ['a//b', /shortest form/],
    ['./a', /shortest form/],
    ['a/', /shortest form/],
    ['x'.repeat(300), /longer than 255/],
    ['é'.repeat(200), /longer than 255/],
    ['\ud800', /Unicode/],
    [Array(2000).fill('ab').join('/'), /longer than 3072/],
  ])('refuses %j', (path, message) => {
    expect(() => new SourcePaths().addFile(path)).toThrow(message)
  })

  it('refuses a path twice, and a file that is also a folder, in either order', () => {
    const paths = new SourcePaths()
    paths.addFile('a')
    paths.addFile('d/e')
    expect(() => paths.addFile('a')).toThrow(/twice/)
    expect(() => paths.addFile('a/b')).toThrow(/'a' is a file/)
    expect(() => paths.addFile('d')).toThrow(/a folder at once/)
    paths.addLink('l', 'd')
    expect(() => paths.addFile('l/x')).toThrow(/'l' is a link/)
  })

  it.each([
    ['link', '/etc/passwd'],
    ['link', '..'],
    ['a/link', '../../x'],
    ['link', 'a/../../x'],
    ['evil', 'd/l/../..'],
    ['link', ''],
  ])('refuses the link %s to %j', (path, target) => {
    expect(() => new SourcePaths().addLink(path, target)).toThrow(/refused/)
  })

  it('takes links that stay inside', () => {
    const paths = new SourcePaths()
    paths.addLink('a/b/link', '../../c/d')
    paths.addLink('here', '.')
    paths.addLink('bin/tool', './run.sh')
    paths.addFolder('empty/folder')
    expect(paths.folders).toEqual(['a', 'a/b', 'bin', 'empty', 'empty/folder'])
  })

  it('does not print control characters back', () => {
    expect(() => new SourcePaths().addFile('/\u001b[31mred')).toThrow(/'\/\?\[31mred'/)
  })
})
