import { describe, expect, it } from 'vitest'
import { listUnmet, planApp } from '../../../agent/core/apps/app-manifest.ts'
import type { TakenSource } from '../../../agent/core/ports/builds/builder.ts'

const plan = (manifest: unknown, overrides = {}, setup: TakenSource['setup'] = null) =>
  planApp({ manifest: JSON.stringify(manifest), setup }, overrides, () => 'random')

describe('app.json', () => {
  it('comes to config vars: as given, as generated, or overridden', () => {
    const env = {
      PLAIN: 'text',
      WITH_VALUE: { description: 'how many', value: '5' },
      SECRET: { generator: 'secret' },
      GIVEN: { description: 'by whoever sets it up' },
      OPTIONAL: { required: false },
    }
    expect(plan({ env }, { env: { GIVEN: 'x', PLAIN: 'other', MORE: 'y' } })).toMatchObject({
      configVars: { PLAIN: 'other', WITH_VALUE: '5', SECRET: 'random', GIVEN: 'x', MORE: 'y' },
      errors: [],
    })
    expect(plan({ env }).errors).toEqual(['app.json requires GIVEN: give it in overrides.env.'])
  })

  it('comes to buildpacks, a formation and a command', () => {
    const manifest = {
      buildpacks: [{ url: 'heroku/nodejs' }],
      formation: { web: { quantity: 2, size: 'Large' }, worker: { quantity: 1, size: 'standard-2X' }, clock: {} },
      scripts: { postdeploy: 'npm run seed' },
      success_url: '/welcome',
      name: 'of no interest',
    }
    expect(plan(manifest)).toEqual({
      configVars: {},
      buildpacks: ['heroku/nodejs'],
      stack: null,
      formation: [
        { type: 'web', quantity: 2, size: 'large' },
        { type: 'worker', quantity: 1, size: 'large' },
        { type: 'clock', quantity: 0, size: 'standard' },
      ],
      postdeploy: 'npm run seed',
      successUrl: '/welcome',
      errors: [],
    })
    expect(plan(manifest, { buildpacks: [{ url: 'hearth/node' }] }).buildpacks).toEqual(['hearth/node'])
    expect(plan({ scripts: { postdeploy: { command: 'a', size: 'b' } } }).postdeploy).toBe('a')
    expect(plan({ scripts: { postdeploy: ' ' } }).postdeploy).toBeNull()
  })

  it('may be missing', () => {
    expect(planApp({ manifest: null, setup: null }, { env: { A: '1' } }, () => '')).toMatchObject({
      configVars: { A: '1' },
      errors: [],
    })
  })

  it('counts before the setup of heroku.yml, which alone says that the app is one of images', () => {
    const setup = { configVars: { A: 'yml', B: 'yml' }, addOns: ['heroku-postgresql'] }
    expect(plan({ env: { A: 'json' }, stack: 'container' }, { env: { C: 'given' } }, setup)).toMatchObject({
      configVars: { A: 'json', B: 'yml', C: 'given' },
      stack: 'container',
      errors: [expect.stringMatching(/^heroku\.yml asks for add-ons.* not have yet: heroku-postgresql\./)],
    })
    const alone = planApp({ manifest: null, setup: { ...setup, addOns: [] } }, {}, () => '')
    expect(alone).toMatchObject({ stack: 'container', errors: [] })
    expect(plan({ stack: 'debian-13' }, {}, setup)).toMatchObject({ stack: 'debian-13', configVars: {}, errors: [] })
    expect(plan({}, {}, setup)).toMatchObject({ stack: null, configVars: {}, errors: [] })
    expect(plan({ stack: 'debian-13' }, { stack: 'container' }, setup).configVars).toEqual(setup.configVars)
  })

  it.each([
    [{ addons: ['heroku-postgresql', { plan: 'heroku-redis:mini' }] }, /add-ons.*heroku-postgresql, heroku-redis:mini/],
    [{ env: { 'not a name': 'x' } }, /env/],
    [{ env: { A: 5 } }, /env\.A/],
    [{ formation: { web: { quantity: 1000 } } }, /formation\.web\.quantity/],
    [[], /does not fit/],
  ])('that asks for what is not here, or does not fit, says so: %j', (manifest, reason) => {
    expect(plan(manifest).errors.join()).toMatch(reason)
  })

  it('whose add-ons are services elsewhere is told of them by their config vars', () => {
    const manifest = { addons: ['heroku-postgresql:essential-0', 'heroku-redis'], stack: 'heroku-24' }
    const env = { DATABASE_URL: 'postgres://db', REDIS_URL: 'redis://cache' }
    expect(plan(manifest, { env })).toMatchObject({ stack: 'heroku-24', errors: [] })
    expect(plan(manifest, { env: { REDIS_URL: 'redis://cache' } }).errors.join()).toMatch(/yet: heroku-postgresql:ess/)
  })

  it('of an app that was made without it leaves to be said what the app lacks', () => {
    const env = {
      PLAIN: 'text',
      SECRET: { generator: 'secret' },
      WANTED: { description: 'a key' },
      HELD: {},
      MAY: { required: 'false' },
    }
    const text = JSON.stringify({ env, addons: ['heroku-postgresql', 'papertrail'] })
    const unmet = { configVars: ['SECRET', 'WANTED'], addOns: ['papertrail'] }
    expect(listUnmet(text, { HELD: '1', DATABASE_URL: 'postgres://db' })).toEqual(unmet)
    for (const other of [null, '{', '{"env": 5}']) expect(listUnmet(other, {})).toEqual({ configVars: [], addOns: [] })
  })

  it('that is no JSON is told apart', () => {
    expect(planApp({ manifest: '{', setup: null }, {}, () => '').errors[0]).toMatch(/^app\.json is not JSON/)
  })
})
