import { describe, expect, test } from 'vitest'
import { boundaryRules, findBoundaryBreaks, siblingRuleIds } from './boundaries.ts'
import { readSourceFile } from './source-file.ts'

/** For each rule: files that break it and, close by, files that keep it. */
const samples: Record<string, { breaks: [file: string, code: string][]; keeps: [file: string, code: string][] }> = {
  'contract is only schemas': {
    breaks: [
      ['agent/contract/app.ts', `import path from 'node:path'`],
      ['agent/contract/app.ts', `import type { App } from '../core/app.ts'`],
      ['agent/contract/app.ts', `import { Client } from 'ssh2'`],
    ],
    keeps: [['agent/contract/app.ts', `import { z } from 'zod'; export { error } from './errors.ts'`]],
  },
  'core is pure': {
    breaks: [
      ['agent/core/app.ts', `import type { Readable } from 'node:stream'`],
      ['agent/core/ports/dyno.ts', `import { Readable } from 'node:stream'`],
      ['agent/core/app.ts', `export { open } from '../sqlite/state.ts'`],
      ['agent/core/app.ts', `export const now = () => Date.now()`],
      ['agent/core/app.ts', `export const now = () => new Date()`],
      ['agent/core/app.ts', `export const id = () => Math.random()`],
      ['agent/core/app.ts', `export const id = () => crypto.randomUUID()`],
      ['agent/core/app.ts', `export const stop = () => process.exit(1)`],
      ['agent/core/app.ts', `export const later = (go: () => void) => setTimeout(go, 10)`],
      ['agent/core/app.ts', `const load = await import('../git/clone.ts')`],
    ],
    keeps: [
      ['agent/core/ports/dyno.ts', `import type { Readable } from 'node:stream'`],
      ['agent/core/app.ts', `import { z } from 'zod'; import type { App } from '../contract/app.ts'`],
      ['agent/core/app.ts', `export const f = (dyno: { process: string }) => dyno.process`],
      [
        'agent/core/ports/log.ts',
        `export interface Log { write(process: string): void; end: (process: string) => void }`,
      ],
      ['agent/core/app.ts', `export const f = (process: { type: string }) => process.type`],
      ['agent/core/app.ts', `export const f = (now: number) => new Date(now)`],
    ],
  },
  'operations reach the world through ports': {
    breaks: [
      ['agent/operations/deploy.ts', `import { readFile } from 'node:fs/promises'`],
      ['agent/operations/deploy.ts', `import net from 'node:net'`],
      ['agent/operations/deploy.ts', `import { start } from '../systemd/unit.ts'`],
    ],
    keeps: [['agent/operations/deploy.ts', `import { createHash } from 'node:crypto'; import '../core/ports/dyno.ts'`]],
  },
  'technologies do not know each other': {
    breaks: [
      ['agent/systemd/unit.ts', `import { state } from '../sqlite/state.ts'`],
      ['agent/systemd/unit.ts', `import { deploy } from '../operations/deploy.ts'`],
      ['agent/router/main.ts', `import { serve } from '../api/serve.ts'`],
      ['agent/router/main.ts', `import { config } from '../config.ts'`],
    ],
    keeps: [
      [
        'agent/systemd/unit.ts',
        `import '../exec/run.ts'; import './property.ts'; import '../core/dyno.ts'; import 'zod'`,
      ],
    ],
  },
  'exec knows no technology': {
    breaks: [['agent/exec/pty.ts', `import { unit } from '../systemd/unit.ts'`]],
    keeps: [['agent/exec/pty.ts', `import { spawn } from 'node:child_process'; import pty from '@lydell/node-pty'`]],
  },
  'api is mapping': {
    breaks: [['agent/api/apps.ts', `import { state } from '../sqlite/state.ts'`]],
    keeps: [
      ['agent/api/apps.ts', `import '../operations/create-app.ts'; import '../contract/app.ts'; import 'node:http2'`],
    ],
  },
  'agent knows no desktop': {
    breaks: [
      ['agent/main.ts', `import { app } from '../electron/desktop.ts'`],
      ['agent/agent.ts', `import type { Store } from '../renderer/stores/apps.ts'`],
      ['agent/main.ts', `import { app } from 'electron'`],
    ],
    keeps: [['agent/main.ts', `import './agent.ts'; import './api/serve.ts'; import './systemd/unit.ts'`]],
  },
  'desktop core is not tied to technology': {
    breaks: [
      ['electron/core/server.ts', `import { Client } from 'ssh2'`],
      ['electron/core/ledger.ts', `import Database from 'better-sqlite3'`],
      ['electron/core/ledger.ts', `import { ledger } from '../sqlite/ledger.ts'`],
    ],
    keeps: [
      [
        'electron/core/server.ts',
        `import '../../agent/contract/app.ts'; import './ports/transport.ts'; import 'node:path'`,
      ],
    ],
  },
  'desktop knows only the contract of the agent': {
    breaks: [
      ['electron/core/plan.ts', `import { plan } from '../../agent/core/plan.ts'`],
      ['electron/desktop.ts', `import { agent } from '../agent/agent.ts'`],
    ],
    keeps: [['electron/desktop.ts', `import { endpoints } from '../agent/contract/endpoints.ts'`]],
  },
  'desktop does not import the renderer': {
    breaks: [['electron/desktop.ts', `import { api } from '../renderer/api.ts'`]],
    keeps: [['electron/desktop.ts', `import { openCore } from './core/open.ts'`]],
  },
  'desktop adapters do not know each other': {
    breaks: [
      ['electron/ssh/connect.ts', `import { ledger } from '../sqlite/ledger.ts'`],
      ['electron/gateway/serve.ts', `import { contract } from '../bridge/contract.ts'`],
    ],
    keeps: [
      [
        'electron/ssh/connect.ts',
        `import ssh2 from 'ssh2'; import '../core/server.ts'; import '../exec/run.ts'; import './key.ts'`,
      ],
    ],
  },
  'bridge maps core to the contract': {
    breaks: [
      ['electron/bridge/apps.ts', `import { connect } from '../ssh/connect.ts'`],
      ['electron/bridge/apps.ts', `import { ipcMain } from 'electron'`],
    ],
    keeps: [
      [
        'electron/bridge/apps.ts',
        `import '../core/server.ts'; import './contract.ts'; import '../../agent/contract/app.ts'`,
      ],
    ],
  },
  'bridge contract can be read by a renderer': {
    breaks: [
      ['electron/bridge/contract.ts', `import type { Server } from '../core/server.ts'`],
      ['electron/bridge/contract/apps.ts', `import path from 'node:path'`],
    ],
    keeps: [['electron/bridge/contract.ts', `import { z } from 'zod'; export * from './contract/apps.ts'`]],
  },
  'shells present the core': {
    breaks: [
      ['electron/shell/window.ts', `import Database from 'better-sqlite3'`],
      ['electron/shell/window.ts', `import { connect } from '../ssh/connect.ts'`],
      ['electron/browser-shell/serve.ts', `import ssh2 from 'ssh2'`],
      ['electron/shell/shell.ts', `import { openDesktop } from '../desktop.ts'`],
      ['electron/shell/shell.ts', `import { serveShell } from '../core-process/serve-shell.ts'`],
    ],
    keeps: [
      [
        'electron/shell/window.ts',
        `import { BrowserWindow } from 'electron'; import '../bridge/dispatch.ts'; import '../core/server.ts'`,
      ],
      ['electron/shell/core-process.ts', `import { toShell } from '../core-process/messages.ts'`],
    ],
  },
  'the core asks the shell by messages': {
    breaks: [
      ['electron/core-process/ask-shell.ts', `import { safeStorage } from 'electron'`],
      ['electron/core-process/ask-shell.ts', `import { openVault } from '../shell/vault.ts'`],
      ['electron/core-process/serve-shell.ts', `import { openDesktop } from '../desktop.ts'`],
    ],
    keeps: [['electron/core-process/serve-shell.ts', `import '../bridge/serve.ts'; import './messages.ts'`]],
  },
  'the command line is the core without a window': {
    breaks: [
      ['electron/cli/apps.ts', `import { connect } from '../ssh/connect.ts'`],
      ['electron/cli/apps.ts', `import { answerApps } from '../bridge/topics/apps.ts'`],
      ['electron/cli/apps.ts', `import Database from 'better-sqlite3'`],
    ],
    keeps: [['electron/cli/apps.ts', `import '../core/app-list.ts'; import '../desktop-core.ts'; import './table.ts'`]],
  },
  'electron is imported by its shell only': {
    breaks: [
      ['electron/desktop.ts', `import { app } from 'electron'`],
      ['electron/browser-shell/serve.ts', `const electron = require('electron')`],
      ['renderer/main.tsx', `import type { App } from 'electron'`],
    ],
    keeps: [['electron/shell/menu.ts', `import { Menu } from 'electron'`]],
  },
  'only main.ts starts the shell': {
    breaks: [['electron/desktop.ts', `import { openShell } from './shell/open.ts'`]],
    keeps: [['electron/main.ts', `import { openShell } from './shell/open.ts'`]],
  },
  'preload is the bridge and nothing else': {
    breaks: [
      ['electron/preload.ts', `import path from 'node:path'`],
      ['electron/preload.ts', `import { z } from 'zod'`],
      ['electron/preload.ts', `import { servers } from './core/servers.ts'`],
    ],
    keeps: [
      ['electron/preload.ts', `import { ipcRenderer } from 'electron'; import { channel } from './bridge/contract.ts'`],
    ],
  },
  'renderer knows only the bridge contract': {
    breaks: [
      ['renderer/api.ts', `import { servers } from '../electron/core/servers.ts'`],
      ['renderer/api.ts', `import type { App } from '../agent/contract/app.ts'`],
      ['renderer/lib/path.ts', `import path from 'node:path'`],
    ],
    keeps: [
      [
        'renderer/api.ts',
        `import type { Calls } from '../electron/bridge/contract.ts'; import { create } from 'zustand'`,
      ],
    ],
  },
  'terminals and drawings are loaded when they are shown': {
    breaks: [
      ['renderer/stores/terminals.ts', `import { createTerminal } from '../lib/terminal/terminal.ts'`],
      ['renderer/lib/links.ts', `import { Terminal } from '@xterm/xterm'`],
      ['renderer/components/chart/time-chart.tsx', `import { Plot } from './plot.tsx'`],
    ],
    keeps: [
      ['renderer/lib/links.ts', `import type { Terminal } from '@xterm/xterm'`],
      ['renderer/lib/terminal/load-terminal.ts', `export const load = () => import('./terminal.ts')`],
      ['renderer/lib/terminal/terminal.ts', `import { Terminal } from '@xterm/xterm'`],
    ],
  },
  'features do not know each other': {
    breaks: [
      ['renderer/features/logs/pane.tsx', `import { Slider } from '../overview/slider.tsx'`],
      ['renderer/features/logs/pane.tsx', `import { theme } from '../../main.tsx'`],
    ],
    keeps: [
      [
        'renderer/features/logs/pane.tsx',
        `import './line.tsx'; import '../../api.ts'; import '../../components/button.tsx'`,
      ],
    ],
  },
  'child processes start in exec': {
    breaks: [
      ['agent/git/clone.ts', `import { spawn } from 'node:child_process'`],
      ['electron/ssh/system.ts', `import { spawn } from 'child_process'`],
      ['buildpacks/nodejs/main.ts', `import { spawn } from 'node:child_process'`],
    ],
    keeps: [
      ['electron/exec/run.ts', `import { spawn } from 'node:child_process'`],
      ['buildpacks/lib/run.ts', `import { spawn } from 'node:child_process'`],
    ],
  },
  'git is fed and read by others': {
    breaks: [
      ['agent/git/fetch.ts', `import { connect } from 'node:net'`],
      ['agent/git/fetch.ts', `import https from 'node:https'`],
      ['agent/git/pack.ts', `import git from 'isomorphic-git'`],
    ],
    keeps: [
      [
        'agent/git/pipe.ts',
        `import type { Socket } from 'node:net'; import { readFile } from 'node:fs/promises'; import '../exec/command.ts'`,
      ],
    ],
  },
  'commands are argument lists': {
    breaks: [
      ['agent/exec/run.ts', `import { exec } from 'node:child_process'`],
      ['agent/exec/run.ts', `spawn('ls', { shell: true })`],
    ],
    keeps: [['agent/exec/run.ts', `spawn('ls', { shell: false })`]],
  },
  'the environment is read in config.ts': {
    breaks: [
      ['agent/systemd/unit.ts', `const home = process.env.HOME`],
      ['agent/main.ts', `const { env } = process`],
      ['agent/main.ts', `const all = process['env']`],
      ['electron/main.ts', `import { env } from 'node:process'`],
    ],
    keeps: [
      ['agent/config.ts', `export const home = process.env.HOME`],
      ['electron/core/plan.ts', `export const f = (process: { env: string }) => process.env`],
    ],
  },
  'raw IPC stays in the preload and the bridge transport': {
    breaks: [['electron/shell/window.ts', `import { ipcMain } from 'electron'`]],
    keeps: [['electron/shell/bridge-port.ts', `import { ipcMain } from 'electron'`]],
  },
  'links leave the window by one door': {
    breaks: [['electron/shell/menu.ts', `import { shell } from 'electron'; shell.openExternal('file:///bin/sh')`]],
    keeps: [['electron/shell/window.ts', `import { shell } from 'electron'; shell.openExternal('https://a.example')`]],
  },
}

const findRules = (file: string, code: string) => findBoundaryBreaks(readSourceFile(file, code)).map(({ rule }) => rule)

test('every rule has a sample that breaks it', () => {
  expect(Object.keys(samples).sort()).toEqual([...boundaryRules.map(({ id }) => id), ...siblingRuleIds].sort())
})

for (const [rule, { breaks, keeps }] of Object.entries(samples)) {
  describe(rule, () => {
    test.each(breaks)('%s is refused with: %s', (file, code) => {
      expect(findRules(file, code)).toContain(rule)
    })
    test.each(keeps)('%s may say: %s', (file, code) => {
      expect(findRules(file, code)).toEqual([])
    })
  })
}

test('a break names the file, the line and what was done', () => {
  const source = readSourceFile('agent/git/clone.ts', `// Clones.\nimport { spawn } from 'node:child_process'\n`)
  expect(findBoundaryBreaks(source)).toEqual([
    { rule: 'child processes start in exec', file: 'agent/git/clone.ts', line: 2, what: 'imports node:child_process' },
  ])
})
