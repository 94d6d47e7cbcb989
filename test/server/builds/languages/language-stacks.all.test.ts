// Languages whose version is the stack's own get another one with another stack.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { agentOf } from '../../security/run-in-app.ts'
import { openGems } from '../mirrors/open-gems.ts'
import { type LanguageServer, openLanguageServer } from './deploy-language.ts'

let server: LanguageServer
beforeAll(async () => {
  server = await openLanguageServer()
}, 400_000)
afterAll(() => server?.[Symbol.asyncDispose]())

describe('an app on another stack', () => {
  it.each([
    ['python-flask', 'python_version', '3.11.', '3.13.'],
    ['php-composer', 'php_version', '8.2.', '8.4.'],
    ['ruby-sinatra', 'ruby_version', '3.1.', '3.3.'],
  ])(
    'of %s has the version of that, and is installed anew',
    async (name, fact, before, after) => {
      const { desktop } = server.hearth
      await using gems = name === 'ruby-sinatra' ? await openGems(server.hearth) : null
      const app = await server.open(name)
      await app.set({ GREETING: 'good day', ...(gems && { BUNDLE_MIRROR__ALL: gems.url }) })
      const first = await app.deploy()
      expect(first.state, first.output).toBe('succeeded')
      expect(await app.facts()).toMatchObject({ [fact]: expect.stringContaining(before) })
      await agentOf(desktop).call('updateApp', { app: app.name }, { build_stack: 'debian-13' })
      if (gems) await app.change('Gemfile.lock', (lock) => lock.replace('ruby 3.1.2p20', 'ruby 3.3.8p144'))
      const second = await app.deploy()
      expect(second.state, second.output).toBe('succeeded')
      expect(second.output).not.toMatch(/nothing changed/i)
      expect(await app.facts()).toMatchObject({ [fact]: expect.stringContaining(after) })
      await app.waitFor('good day')
    },
    900_000,
  )
})
