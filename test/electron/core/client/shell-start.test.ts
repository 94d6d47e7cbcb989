import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { planShellStart, writeStartFiles } from '../../../../electron/core/client/shell-start.ts'
import { startLocalTerminal } from '../../../../electron/exec/local-terminal.ts'
import { changeEnvironment } from '../../../../electron/exec/spawn.ts'
import { find } from './find.ts'

let home: string
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'hearth-shell-'))
  // What users have there: another Heroku, prompts of their own, commands before each prompt.
  await writeFile(
    path.join(home, '.bashrc'),
    "export HEROKU_API_KEY=real HEROKU_ORGANIZATION=acme\nalias mine='echo my-alias'\nPS1='USER> '\nPROMPT_COMMAND='PS1=\"USER> \";'\n",
  )
  await writeFile(path.join(home, '.zshenv'), 'export SEEN_ENV=1\n')
  await writeFile(
    path.join(home, '.zshrc'),
    "export HEROKU_API_KEY=real HEROKU_ORGANIZATION=acme\nalias mine='echo my-alias'\nPROMPT='USER> '\nprecmd() { PROMPT='USER> ' }\n",
  )
  await writeFile(
    path.join(home, 'shrc'),
    "export HEROKU_API_KEY=real HEROKU_ORGANIZATION=acme\nalias mine='echo my-alias'\nPS1='USER> '\n",
  )
})
afterEach(() => rm(home, { recursive: true, force: true }))

const change = { HEROKU_API_KEY: "T'$x", HEROKU_ORGANIZATION: null, HTTP_PROXY: 'http://127.0.0.1:8801' }

interface Typed {
  readonly program: string
  readonly serverName?: string
  readonly user?: Record<string, string>
  readonly lines: readonly string[]
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: what shells draw with
const controls = /\x1b\[[?\d;]*[a-zA-Z]|\x1b[=>]|\r/g

/** Types lines, each once the shell has shown its prompt, and returns all that was on the screen. */
async function type({ program, serverName = 'My NAS', user = {}, lines }: Typed): Promise<string> {
  const base = { PATH: process.env.PATH ?? '', HOME: home, TERM: 'dumb', LANG: 'C.UTF-8', ...user }
  const folder = path.join(home, 'hearth')
  const plan = planShellStart({ program, serverName, environment: change, folder, user: base })
  await writeStartFiles(plan)
  const terminal = await startLocalTerminal({
    command: plan.command,
    directory: home,
    environment: changeEnvironment(base, plan.environment),
    size: { columns: 200, rows: 50 },
  })
  let screen = ''
  // Shells draw a prompt again while they read what is typed at it: only one below the line that was typed is another.
  let hasTaken = true
  const waiting = [...lines, 'exit 3']
  terminal.stream.on('data', (chunk: Buffer) => {
    const text = String(chunk).replaceAll(controls, '')
    screen += text
    hasTaken ||= text.includes('\n')
    const isAtPrompt = /\(hearth [^)]*\) \S*> $|\(hearth [^)]*\) [^\n]*[$#%>] $/.test(screen)
    if (!hasTaken || !isAtPrompt || waiting.length === 0) return
    terminal.stream.write(`${waiting.shift()}\n`)
    screen += '\n'
    hasTaken = false
  })
  expect(await terminal.exit).toBe(3)
  terminal.close()
  return screen
}

/** A user with a proxy, and with another meaning for the client's name; `heroku` and `other` tell which way out they have. */
async function installPrograms(): Promise<Record<string, string>> {
  const folder = path.join(home, 'bin')
  await mkdir(folder)
  for (const name of ['heroku', 'other']) {
    const script = `#!/bin/sh\necho "${name} [$http_proxy] [$https_proxy] [$no_proxy] [$*]"; exit 7\n`
    await writeFile(path.join(folder, name), script, { mode: 0o755 })
  }
  return { PATH: `${folder}:${process.env.PATH}`, https_proxy: 'http://corp:3128', no_proxy: 'lan' }
}
const start = `heroku "a  b" '*'; echo "status $?"; other`
const contained =
  'heroku [http://127.0.0.1:8801] [http://127.0.0.1:8801] [127.0.0.1,localhost,::1] [a  b *]\nstatus 7\nother [] [http://corp:3128] [lan] []\n'

const orGone = (name: string) => `[\${${name}-gone}]`
const ask = `echo "[$HEROKU_API_KEY] ${orGone('HEROKU_ORGANIZATION')} ${orGone('HEARTH_ENVIRONMENT')}"; mine`
const answered = `[T'$x] [gone] [gone]\nmy-alias\n`

describe.runIf(find('bash'))('bash', () => {
  const program = find('bash') ?? ''

  test("reads the user's own file, and our environment holds over it", async () => {
    const screen = await type({ program, lines: [ask] })
    expect(screen).toContain(answered)
  })

  test('names the server in front of a prompt that is made anew each time', async () => {
    const screen = await type({ program, lines: ['true', 'true'] })
    expect(screen.match(/\(hearth My NAS\) USER> /g)).toHaveLength(3)
  })

  test("gives the client no way out but the gateway, and other programs the user's own", async () => {
    await appendFile(path.join(home, '.bashrc'), "alias heroku='other'\n")
    const screen = await type({ program, user: await installPrograms(), lines: [start] })
    expect(screen).toContain(contained)
  })

  test('shows the last status as the user has it', async () => {
    await writeFile(path.join(home, '.bashrc'), `PROMPT_COMMAND=('last=$?' 'PS1="USER-$last> "')\n`)
    const screen = await type({ program, lines: ['(exit 7)'] })
    expect(screen).toContain('(hearth My NAS) USER-7> ')
  })

  test('runs nothing that a server is named after', async () => {
    const serverName = '$(touch ran) `touch ran` %(x)\\u ☃ "nas"'
    const screen = await type({ program, serverName, lines: ['ls'] })
    expect(screen).toContain('(hearth touch ran touch ran xu  nas) USER> ')
    expect(screen).not.toMatch(/^ran$/m)
  })
})

describe.runIf(find('zsh'))('zsh', () => {
  const program = find('zsh') ?? ''

  test("reads the user's own files, and our environment holds over them", async () => {
    const screen = await type({ program, lines: [ask, `echo "env $SEEN_ENV ${orGone('ZDOTDIR')}"`] })
    expect(screen).toContain(answered)
    expect(screen).toContain('env 1 [gone]\n')
  })

  test("gives the client no way out but the gateway, and other programs the user's own", async () => {
    await appendFile(path.join(home, '.zshrc'), "alias heroku='other'\n")
    const screen = await type({ program, user: await installPrograms(), lines: [start] })
    expect(screen).toContain(contained)
  })

  test("finds them where the user's first file says they are", async () => {
    const own = path.join(home, 'dots')
    await writeFile(path.join(home, '.zshenv'), `export ZDOTDIR=${own}\n`)
    await mkdir(own)
    await writeFile(path.join(own, '.zshrc'), "alias mine='echo moved'\nPROMPT='USER> '\n")
    const screen = await type({ program, lines: ['mine; echo "[$ZDOTDIR] [$HISTFILE]"'] })
    expect(screen).toContain(`moved\n[${own}]`)
    expect(screen).not.toContain('hearth/zsh')
  })

  test('names the server in front of a prompt that is made anew each time', async () => {
    const screen = await type({ program, lines: ['true', 'true'] })
    expect(screen.match(/\(hearth My NAS\) USER> /g)?.length).toBeGreaterThanOrEqual(3)
  })
})

describe.runIf(find('fish'))('fish', () => {
  const program = find('fish') ?? ''

  test("reads the user's own file, our environment holds over it, and the prompt names the server", async () => {
    const config = path.join(home, '.config/fish')
    await mkdir(config, { recursive: true })
    await writeFile(
      path.join(config, 'config.fish'),
      'set -gx HEROKU_API_KEY real\nset -gx HEROKU_ORGANIZATION acme\nfunction mine; echo my-alias; end\nfunction fish_prompt; echo -n "USER-$status> "; end\nfunction fish_greeting; end\n',
    )
    const lines = [
      'echo "[$HEROKU_API_KEY] ["(set -q HEROKU_ORGANIZATION; or echo gone)"] ["(set -q HEARTH_ENVIRONMENT; or echo gone)"]"; mine',
      'false',
    ]
    const screen = await type({ program, user: { TERM: 'dumb' }, lines })
    expect(screen).toContain(answered)
    expect(screen).toContain('(hearth My NAS) USER-1> ')
  })

  test("gives the client no way out but the gateway, and other programs the user's own", async () => {
    const config = path.join(home, '.config/fish')
    await mkdir(config, { recursive: true })
    await writeFile(
      path.join(config, 'config.fish'),
      'alias heroku other\nfunction fish_prompt; echo -n "> "; end\nfunction fish_greeting; end\n',
    )
    const lines = [start.replace('$?', '$status')]
    const screen = await type({ program, user: await installPrograms(), lines })
    expect(screen).toContain(contained)
  })
})

describe.each(['dash', 'sh'].filter(find))('%s', (name) => {
  test("reads the user's own file, our environment holds over it, and the prompt names the server", async () => {
    const screen = await type({
      program: find(name) ?? '',
      user: { ENV: path.join(home, 'shrc') },
      lines: [ask, 'echo "[$ENV]"'],
    })
    expect(screen).toContain(answered)
    expect(screen).toContain('(hearth My NAS) USER> ')
    expect(screen).toContain(`[${path.join(home, 'shrc')}]`)
  })

  test("gives the client no way out but the gateway, and other programs the user's own", async () => {
    await appendFile(path.join(home, 'shrc'), "alias heroku='other'\n")
    const user = { ENV: path.join(home, 'shrc'), ...(await installPrograms()) }
    const screen = await type({ program: find(name) ?? '', user, lines: [start] })
    expect(screen).toContain(contained)
  })
})

test('a shell that is not known is started as it is', () => {
  const options = { serverName: 'nas', environment: change, folder: '/f', user: {} }
  expect(planShellStart({ program: '/usr/bin/nu', ...options })).toEqual({
    command: ['/usr/bin/nu'],
    environment: change,
    files: {},
  })
})
