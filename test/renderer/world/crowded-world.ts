// Ten apps and everything as long as the contract lets it be: where screens break first.
import { addRelease, type FakeWorld, failNewest, fakeApp, makeServer, makeWorld } from './fake-world.ts'

const longType =
  'worker-that-sends-the-weekly-digest-to-every-subscriber-of-every-list-and-retries-until-each-of-them-has-been-delivered-at-last'
const longCommand = `node --max-old-space-size=512 --enable-source-maps ./dist/processes/deliver/index.js ${'--list newsletters-of-the-northern-region '.repeat(12)}`
const longName =
  'CUSTOMER_RELATIONSHIP_MANAGEMENT_SYSTEM_PRIMARY_DATABASE_CONNECTION_STRING_FOR_READ_REPLICAS_IN_REGION_NORTH'
const longHost = `${'very-long-label-of-a-host-name.'.repeat(6)}example.com`

export function makeCrowdedWorld(): FakeWorld {
  const world = makeWorld(false)
  const server = makeServer('frankfurt-basement-rack-4-with-the-loud-fan-behind-the-door', 'ssh', {
    state: 'online',
    latencyMs: 141,
  })
  Object.assign(server, { age: 'outdated', hasOldRouter: true })
  world.servers.push(server)
  const big = fakeApp('customer-relationship-manager1', server.id, [
    { type: 'web', command: longCommand, quantity: 3, size: 'standard-1x' },
    { type: longType, command: longCommand, quantity: 2, size: 'performance-m' },
    { type: 'release', command: 'node migrate.js', quantity: 0, size: 'standard-1x' },
  ])
  addRelease(big, 'Initial release', 60 * 24 * 300)
  addRelease(big, `Deploy of local changes: ${'a description that nobody thought would be this long, '.repeat(8)}`, 900)
  addRelease(big, `Set ${longName}, ${longName}_2 config vars`, 500)
  failNewest(
    big,
    `The release command "${longCommand}" ended with status 1.\n${'Error: relation "orders" does not exist. '.repeat(9)}`,
  )
  big.configVars = { [longName]: `postgres://${'x'.repeat(400)}`, SHORT: 'y', [`${longName}_2`]: 'line one\nline two' }
  big.domains = [longHost, 'shop.example.com']
  world.apps.push(big)
  for (let number = 1; number <= 9; number++) {
    const app = fakeApp(`service-number-${number}-of-the-shop`.slice(0, 30).replace(/-$/, ''), server.id, [
      { type: 'web', command: 'npm start', quantity: 1, size: 'standard-1x' },
    ])
    addRelease(app, 'Initial release', 60 * 24 * number * 30)
    addRelease(app, `Deploy ${'0123456789abcdef'.slice(number, number + 8)}`, 70 * number)
    world.apps.push(app)
  }
  return world
}
