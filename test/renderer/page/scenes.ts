import type { Page } from 'playwright-core'
import type { FakeWorld } from '../world/fake-world.ts'
import { commandScenes } from './command-scenes.ts'
import { paneScenes } from './pane-scenes.ts'
import { runtimeScenes } from './runtime-scenes.ts'

export interface Scene {
  hash: string
  query?: string
  settleMs?: number
  act?: (page: Page) => Promise<void>
}

export interface FakeDoor {
  world: FakeWorld
  changed(topic: string): void
}

const shop = '#/servers/atlas/apps/corner-shop'

/** Each screen in the state that is worth looking at. */
export const scenes: Record<string, Scene> = {
  'first-run': { hash: '#/', query: '&first-run' },
  'access-app': { hash: `${shop}/access` },
  'access-app-view': { hash: `${shop}/access`, query: '&role=view' },
  'access-app-let-in': {
    hash: `${shop}/access`,
    act: async (page) => {
      await page.getByRole('button', { name: 'Let somebody in' }).click()
      await page.getByLabel('Who').fill('bob@example.com')
      await page.waitForTimeout(300)
    },
  },
  'access-app-remove': {
    hash: `${shop}/access`,
    act: async (page) => {
      await page.getByLabel('Actions for grace@example.com').click()
      await page.getByText('Remove from corner-shop').click()
      await page.waitForTimeout(300)
    },
  },
  'access-role': {
    hash: `${shop}/access`,
    act: async (page) => {
      await page.getByRole('combobox', { name: 'Role of grace@example.com' }).click()
      await page.waitForTimeout(300)
    },
  },
  'access-server': { hash: '#/servers/atlas/access' },
  'access-server-view': { hash: '#/servers/atlas/access', query: '&role=view' },
  'access-this-computer': { hash: '#/servers/this-computer/apps/field-notes/access' },
  'overview-view': {
    hash: `${shop}/overview`,
    query: '&role=view',
    act: async (page) => {
      await page.getByText('Restart all').hover({ force: true })
      await page.waitForTimeout(600)
    },
  },
  'config-vars-view': { hash: `${shop}/config-vars`, query: '&role=view' },
  'settings-operate': { hash: `${shop}/settings`, query: '&role=operate' },
  apps: { hash: '#/' },
  ...commandScenes,
  overview: { hash: `${shop}/overview` },
  'metrics-hover': { hash: `${shop}/overview`, act: (page) => hoverChart(page, 'Requests by status') },
  'metrics-week': {
    hash: `${shop}/overview`,
    act: async (page) => {
      await page.getByText('7 d', { exact: true }).click()
      await hoverChart(page, 'Memory')
    },
  },
  'metrics-none': { hash: '#/servers/atlas', query: '&unrecorded', act: (page) => showCharts(page) },
  'metrics-old-agent': {
    hash: '#/servers/atlas',
    act: async (page) => {
      await changeServer(page, 'atlas', { age: 'outdated' })
      await page.getByText('24 h', { exact: true }).click()
      await page.getByText('Not recorded yet').scrollIntoViewIfNeeded()
    },
  },
  'scale-over': {
    hash: `${shop}/overview`,
    act: async (page) => {
      await page.getByRole('combobox', { name: 'web size' }).click()
      await page.getByRole('option', { name: /performance-m/ }).click()
      await page.getByRole('combobox', { name: 'worker size' }).click()
      await page.waitForTimeout(400)
    },
  },
  'dyno-menu': {
    hash: `${shop}/overview`,
    act: async (page) => {
      await page.getByRole('button', { name: 'Actions for web.1' }).click()
      await page.waitForTimeout(300)
    },
  },
  crashed: { hash: '#/servers/atlas/apps/weather-api/overview' },
  offline: { hash: '#/servers/cellar/apps/home-wiki/overview' },
  'deploy-empty': { hash: `${shop}/deploy` },
  preview: {
    hash: '#/new-app',
    act: async (page) => {
      await page.getByRole('button', { name: 'Use Hello Node' }).click()
      await page.waitForTimeout(400)
    },
  },
  deploying: {
    hash: `${shop}/deploy`,
    act: async (page) => {
      await startDeploy(page)
      await page.waitForTimeout(3200)
    },
  },
  deployed: {
    hash: `${shop}/deploy`,
    act: async (page) => {
      await startDeploy(page)
      await page.getByText('serves.').waitFor({ timeout: 15_000 })
      await page.waitForTimeout(300)
    },
  },
  'repository-preview': {
    hash: `${shop}/deploy`,
    act: async (page) => {
      await page.getByRole('textbox', { name: 'Repository' }).fill('git@example.org:ada/corner-shop.git')
      await page.getByRole('button', { name: 'Find branches' }).click()
      await page.getByRole('button', { name: 'Look at it' }).click()
      await page.getByText('Biggest files').waitFor()
    },
  },
  diagnostics: {
    hash: '#/settings',
    act: async (page) => {
      await page.getByRole('button', { name: 'Gather' }).click()
      await page.getByText('desktop.log').click()
      await page.getByRole('button', { name: 'Save' }).scrollIntoViewIfNeeded()
    },
  },
  watched: { hash: '#/servers/this-computer/apps/field-notes/deploy' },
  'git-remote': {
    hash: `${shop}/deploy`,
    act: async (page) => {
      await page.getByRole('button', { name: 'Add remote' }).click()
      await page.getByRole('button', { name: 'Undo' }).waitFor()
    },
  },
  'git-refused': {
    hash: `${shop}/deploy`,
    act: async (page) => {
      await page.getByRole('textbox', { name: 'Folder', exact: true }).fill('/home/ann/empty')
      await page.getByRole('button', { name: 'Add remote' }).click()
      await page.getByText('git init').waitFor()
    },
  },
  'client-server': {
    hash: '#/servers/atlas',
    act: (page) => page.getByRole('heading', { name: 'Use the heroku client and git' }).scrollIntoViewIfNeeded(),
  },
  'client-app': {
    hash: `${shop}/settings`,
    act: (page) => page.getByRole('button', { name: 'Revoke' }).scrollIntoViewIfNeeded(),
  },
  'client-revoke': {
    hash: '#/servers/atlas',
    act: async (page) => {
      await page.getByRole('button', { name: 'Revoke' }).click()
      await page.waitForTimeout(300)
    },
  },
  'client-terminal': {
    hash: `${shop}/settings`,
    act: async (page) => {
      await page.getByRole('button', { name: 'Open a terminal for the heroku client' }).click()
      await page.getByRole('region', { name: 'Terminal: corner-shop' }).waitFor()
      await page.waitForTimeout(400)
      for (const line of ['heroku ps', 'git push heroku main']) await page.keyboard.type(`${line}\n`)
      await page.waitForTimeout(400)
    },
  },
  'client-terminal-empty': { hash: '#/servers/atlas/terminal' },
  ...paneScenes,
  ...runtimeScenes,
  releases: {
    hash: `${shop}/releases`,
    act: (page) => page.getByRole('button', { name: 'Details of v3' }).click(),
  },
  'slug-weight': {
    hash: `${shop}/releases`,
    act: async (page) => {
      await page.getByRole('button', { name: 'Details of v3' }).click()
      await page.getByRole('button', { name: 'What makes the slug big' }).click()
      await page.getByText('Biggest files').scrollIntoViewIfNeeded()
    },
  },
  rollback: {
    hash: `${shop}/releases`,
    act: async (page) => {
      await page.getByRole('button', { name: 'Roll back to v2' }).click()
      await page.waitForTimeout(300)
    },
  },
  'no-way-back': {
    hash: `${shop}/releases`,
    act: async (page) => {
      await page.getByRole('button', { name: 'No way back to v6' }).click()
      await page.waitForTimeout(300)
    },
  },
  logs: { hash: `${shop}/logs`, settleMs: 1500 },
  'focus-field': {
    hash: `${shop}/config-vars`,
    act: async (page) => {
      await page.getByRole('textbox', { name: 'Name' }).focus()
      await page.waitForTimeout(300)
    },
  },
  'focus-pane': {
    hash: `${shop}/logs`,
    settleMs: 1000,
    act: async (page) => {
      await page.getByRole('region', { name: 'Log of corner-shop' }).getByRole('textbox').focus()
      await page.waitForTimeout(300)
    },
  },
  'logs-offline': { hash: '#/servers/cellar/apps/home-wiki/logs' },
  sample: {
    hash: '#/',
    query: '&first-run',
    act: async (page) => {
      await page.getByRole('button', { name: 'Deploy sample' }).click()
      await page.getByText(/^What (is|was) sent/).click()
      await page.waitForTimeout(300)
    },
  },
  'logs-search': {
    hash: `${shop}/logs`,
    settleMs: 1500,
    act: async (page) => {
      await page.getByRole('textbox', { name: 'Search the log' }).fill('status=404')
      await page.getByRole('button', { name: 'Pause' }).click()
      await page.waitForTimeout(1500)
    },
  },
  'terminal-empty': { hash: `${shop}/terminal` },
  terminal: {
    hash: `${shop}/terminal`,
    act: async (page) => {
      await page.getByRole('button', { name: 'Open terminal' }).click()
      await page.waitForTimeout(500)
      await page.keyboard.type('ls\r')
      await page.waitForTimeout(500)
    },
  },
  'terminal-inside': {
    hash: `${shop}/overview`,
    act: async (page) => {
      await page.getByRole('button', { name: 'Actions for web.1' }).click()
      await page.getByRole('menuitem', { name: 'Open a terminal inside' }).click()
      await page.waitForTimeout(500)
      await page.keyboard.type('ls\rexit\r')
      await page.waitForTimeout(500)
    },
  },
  'config-vars': {
    hash: `${shop}/config-vars`,
    act: (page) => page.getByRole('button', { name: 'Reveal DATABASE_URL' }).click(),
  },
  'paste-dotenv': {
    hash: `${shop}/config-vars`,
    act: async (page) => {
      await page.getByRole('button', { name: 'Paste .env' }).click()
      await page
        .getByRole('textbox', { name: 'Text of the file' })
        .fill('NODE_ENV=production\nDATABASE_URL=postgres://new\nLOG_LEVEL="debug" # noisy\nnot a line')
      await page.waitForTimeout(300)
    },
  },
  'app-settings': { hash: `${shop}/settings` },
  server: { hash: '#/servers/atlas' },
  'server-offline': { hash: '#/servers/cellar' },
  'add-server': { hash: '#/add-server' },
  fingerprint: { hash: '#/add-server', act: (page) => reachFingerprint(page) },
  'fingerprint-system': {
    hash: '#/add-server',
    act: async (page) => {
      await page.getByRole('combobox', { name: 'Host' }).click()
      await page.getByRole('option', { name: 'build-box' }).click()
      await page.getByRole('button', { name: 'Continue' }).click()
      await page.getByRole('button', { name: 'Trust this key' }).waitFor()
    },
  },
  'server-needs-system-ssh': {
    hash: '#/servers/cellar',
    act: async (page) => {
      const why = 'no common way to encrypt (no matching key exchange algorithm).'
      const reason = `cellar.example.net:22 and the SSH inside Hearth have ${why}`
      await changeServer(page, 'cellar', { connection: { state: 'needs-system-ssh', reason } })
      await page.getByRole('button', { name: 'Use this computer' }).waitFor()
    },
  },
  'server-outdated': {
    hash: '#/servers/atlas',
    act: (page) => changeServer(page, 'atlas', { age: 'outdated', hasOldRouter: true }),
  },
  login: { hash: '#/add-server', act: (page) => reachLogin(page) },
  installing: {
    hash: '#/add-server',
    act: async (page) => {
      await reachLogin(page)
      await page.getByRole('button', { name: 'Install', exact: true }).click()
      await page.waitForTimeout(2600)
    },
  },
  installed: {
    hash: '#/add-server',
    act: async (page) => {
      await reachLogin(page)
      await page.getByRole('button', { name: 'Install', exact: true }).click()
      await page.getByText('is ready').waitFor({ timeout: 20_000 })
    },
  },
  ledger: { hash: '#/ledger' },
  settings: { hash: '#/settings' },
  ...crowdedScenes(),
}

/** The same screens with more and longer things on them. */
function crowdedScenes(): Record<string, Scene> {
  const server = '#/servers/frankfurt-basement-rack-4-with-the-loud-fan-behind-the-door'
  const big = `${server}/apps/customer-relationship-manager1`
  const hashes = {
    apps: '#/',
    server,
    ledger: '#/ledger',
    overview: `${big}/overview`,
    deploy: `${big}/deploy`,
    releases: `${big}/releases`,
    logs: `${big}/logs`,
    terminal: `${big}/terminal`,
    'config-vars': `${big}/config-vars`,
    'app-settings': `${big}/settings`,
  }
  const scenes = Object.entries(hashes).map(([name, hash]): [string, Scene] => [
    `crowded-${name}`,
    { hash, query: '&crowded', settleMs: 900 },
  ])
  const reveal: Scene['act'] = async (page) => {
    const buttons = page.getByRole('button', { name: /^(Reveal (?!all)|Details of)/ })
    // From the last on: one that was pressed may have another name.
    for (let at = (await buttons.count()) - 1; at >= 0; at--) await buttons.nth(at).click()
    await page.waitForTimeout(300)
  }
  return Object.fromEntries(
    scenes.map(([name, scene]) => [name, /config-vars|releases/.test(name) ? { ...scene, act: reveal } : scene]),
  )
}

const showCharts = (page: Page) => page.getByRole('heading', { name: 'Metrics' }).scrollIntoViewIfNeeded()

async function hoverChart(page: Page, title: string): Promise<void> {
  const figure = page.getByRole('figure', { name: title })
  await figure.scrollIntoViewIfNeeded()
  await figure.locator('.u-over').hover()
  await page.waitForTimeout(200)
}

async function changeServer(page: Page, id: string, change: object): Promise<void> {
  await page.evaluate(
    ([serverId, values]) => {
      const { world, changed } = (window as unknown as { fake: FakeDoor }).fake
      Object.assign(world.servers.find((server) => server.id === serverId) ?? {}, values)
      changed('servers')
    },
    [id, change] as const,
  )
  await page.waitForTimeout(300)
}

async function reachFingerprint(page: Page): Promise<void> {
  await page.getByRole('combobox', { name: 'Host' }).fill('box.example.net')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('button', { name: 'Trust this key' }).waitFor()
}

async function reachLogin(page: Page): Promise<void> {
  await reachFingerprint(page)
  await page.getByRole('button', { name: 'Trust this key' }).click()
  await page.getByRole('button', { name: 'Install', exact: true }).waitFor()
}

async function startDeploy(page: Page): Promise<void> {
  await page.evaluate(() =>
    (window as unknown as { fake: { call: (name: string, parameters: object) => Promise<unknown> } }).fake.call(
      'deploys.start',
      { serverId: 'atlas', app: 'corner-shop', folder: { kind: 'sample', name: 'hello-node' } },
    ),
  )
  await page.getByRole('list', { name: 'Stages' }).waitFor()
}
