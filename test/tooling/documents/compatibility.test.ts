import { describe, expect, it } from 'vitest'
import { topics } from '../../../agent/contract/elsewhere/elsewhere.ts'
import { readText } from '../repository.ts'
import { commands } from './compatibility/commands.ts'
import { documentFile, renderDocument } from './compatibility/document.ts'
import { clientResults, readResults } from './compatibility/results.ts'

describe('the list of what is in and out', () => {
  it('is what the contract makes of it (npm run docs)', () => {
    expect(readText(documentFile)).toBe(renderDocument(readResults()))
  })

  it('shows what was measured, by version, and says when nothing was', () => {
    const results = clientResults.parse({
      versions: ['11.10.0', '10.17.0'],
      commands: { ps: { '11.10.0': 'passed', '10.17.0': 'failed' }, 'ps:odd': { '11.10.0': 'not run' } },
    })
    const text = renderDocument(results)
    expect(text).toContain('| Command | heroku 11.10.0 | heroku 10.17.0 | Asks | What to know |')
    expect(text).toContain('| `heroku ps` | yes | **no** | `GET /account`, ')
    expect(text).toContain('| `heroku ps:odd` | - | - |  |  |')
    expect(renderDocument(null)).toContain('no run of the client itself is recorded')
  })

  it('refuses results that nobody could read', () => {
    expect(() => clientResults.parse({ versions: [], commands: {} })).toThrow()
    expect(() => clientResults.parse({ versions: ['11.10.0'], commands: { ps: { '11.10.0': 'ok' } } })).toThrow()
  })

  it('says of no command both that it works and that it does not', () => {
    const out = topics.flatMap((topic) => topic.commands)
    const isOut = (name: string) =>
      out.some((pattern) => pattern === name || (pattern.endsWith(':*') && name.startsWith(pattern.slice(0, -1))))
    expect(Object.keys(commands).filter(isOut)).toEqual([])
  })
})
