import { expect, test } from 'vitest'
import { parseDotenv } from '../../../renderer/lib/apps/dotenv.ts'

const values = (text: string) => Object.fromEntries(parseDotenv(text).entries.map(({ name, value }) => [name, value]))

test('reads assignments, skipping comments, empty lines and export', () => {
  expect(values('# a comment\n\nA=1\nexport B=two\n  C = three words  \n')).toEqual({
    A: '1',
    B: 'two',
    C: 'three words',
  })
})

test('a bare value ends at a comment, but keeps a # inside a word', () => {
  expect(values('A=one # not this\nB=#\nURL=http://x/#part\nEMPTY=')).toEqual({
    A: 'one',
    B: '',
    URL: 'http://x/#part',
    EMPTY: '',
  })
})

test('double quotes keep spaces and # and know escapes; single quotes are literal', () => {
  expect(values('A="  x # y "\nB="line\\nnext \\"q\\" \\\\"\nC=\'a\\n$HOME "x"\'')).toEqual({
    A: '  x # y ',
    B: 'line\nnext "q" \\',
    C: 'a\\n$HOME "x"',
  })
})

test('a quoted value may span lines, and what follows is read as usual', () => {
  const key = '-----BEGIN KEY-----\nabc\n-----END KEY-----'
  expect(values(`KEY="${key}"\nNEXT=1`)).toEqual({ KEY: key, NEXT: '1' })
})

test('an unclosed quote refuses only its own line', () => {
  const { entries, problems } = parseDotenv('A="oops\nB=2')
  expect(entries.map(({ name }) => name)).toEqual(['B'])
  expect(problems).toEqual([{ line: 1, message: 'has no closing "' }])
})

test('names lines that are no assignment and names that a shell refuses', () => {
  const { problems } = parseDotenv('hello\n2X=1\nA-B=1\nGOOD=1')
  expect(problems.map(({ line }) => line)).toEqual([1, 2, 3])
})

test('the last assignment of a name wins; line ends of Windows and a byte order mark do no harm', () => {
  expect(values('\uFEFFA=1\r\nB=2\r\nA=3\r\n')).toEqual({ A: '3', B: '2' })
})

test('nothing is expanded and non-ASCII text stays', () => {
  expect(values('A=$HOME/`x`\nB=grüße 🔥')).toEqual({ A: '$HOME/`x`', B: 'grüße 🔥' })
})
