import { describe, expect, it } from 'vitest'
import { parseProcfile } from '../../../agent/core/releases/procfile.ts'

describe('a Procfile', () => {
  it('names process types and their commands, in its order', () => {
    const { processTypes, problems } = parseProcfile('web: npm start\nworker: node worker.js --queue=a:b\n')
    expect(Object.entries(processTypes)).toEqual([
      ['web', 'npm start'],
      ['worker', 'node worker.js --queue=a:b'],
    ])
    expect(problems).toEqual([])
  })

  it.each([
    ['Windows line ends', 'web: a\r\nworker: b\r\n'],
    ['old Mac line ends', 'web: a\rworker: b'],
    ['a byte order mark', '\uFEFFweb: a\nworker: b'],
    ['comments and blank lines', '# what runs\n\n  # indented\nweb: a\n \nworker: b'],
    ['no newline at the end', 'web: a\nworker: b'],
    ['spaces around', '  web :   a  \nworker:b\t'],
  ])('may have %s', (_, text) => {
    expect(parseProcfile(text)).toEqual({ processTypes: { web: 'a', worker: 'b' }, problems: [] })
  })

  it('says by line what it does not understand, and uses the rest', () => {
    const { processTypes, problems } = parseProcfile('web: a\nnonsense\nworker:\nwe b: c\n')
    expect(processTypes).toEqual({ web: 'a' })
    expect(problems).toEqual([
      { line: 2, severity: 'error', message: '"nonsense" is not of the form "type: command".' },
      { line: 3, severity: 'error', message: 'The process type "worker" has no command.' },
      { line: 4, severity: 'error', message: '"we b: c" is not of the form "type: command".' },
    ])
  })

  it('keeps unusual spellings with a warning, and lets the last of two count', () => {
    const { processTypes, problems } = parseProcfile('My_Worker: a\nweb: b\nweb: c\n')
    expect(processTypes).toEqual({ My_Worker: 'a', web: 'c' })
    expect(problems.map(({ line, severity }) => [line, severity])).toEqual([
      [1, 'warning'],
      [3, 'warning'],
    ])
  })

  it('has process types only, whatever they are called', () => {
    const { processTypes } = parseProcfile('__proto__: a\nconstructor: b\n')
    expect(Object.keys(processTypes)).toEqual(['__proto__', 'constructor'])
  })
})
