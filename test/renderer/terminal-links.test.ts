import { expect, test } from 'vitest'
import { findLinks } from '../../renderer/lib/terminal/terminal-links.ts'

const urls = (text: string) => findLinks(text).map(({ url }) => url)

test('web links are found where they stand, without the sentence around them', () => {
  expect(findLinks('see http://a.example/x?y=1#z, or not')).toEqual([
    { url: 'http://a.example/x?y=1#z', start: 4, end: 28 },
  ])
  expect(urls('(https://a.example/) "https://b.example:8080/p" <https://c.example>.')).toEqual([
    'https://a.example/',
    'https://b.example:8080/p',
    'https://c.example',
  ])
  expect(urls('https://en.example/wiki/Hearth_(place) (see https://x.example/a)')).toEqual([
    'https://en.example/wiki/Hearth_(place)',
    'https://x.example/a',
  ])
})

test('nothing else is a link', () => {
  expect(urls('file:///etc/passwd javascript:alert(1) hearth://x ftp://x www.example.com http:// https://')).toEqual([])
})
