import type { Answers } from '../bridge/answers.ts'
import { type BridgeLog, serveBridge } from '../bridge/serve.ts'
import { ShellCaller } from './ask-shell.ts'
import { type ToShell, toCore } from './messages.ts'
import { type WindowPort, wireOf } from './window-wire.ts'

/** What is used of Electron's `process.parentPort`. */
export interface ShellPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown; ports: readonly WindowPort[] }) => void): unknown
}

export interface OpenedCore {
  readonly answers: Answers
  close(): Promise<void>
}

export interface ServeShellOptions {
  readonly port: ShellPort
  readonly openDesktop: (shell: ShellCaller, previousEnd: string | null) => Promise<OpenedCore>
  readonly log: BridgeLog
}

/**
 * The core's life in a process of its own: opens when the shell says so, serves each window whose port is handed over, and
 * ends in order. Resolves once it has closed; rejects when it could not open.
 */
export async function serveShell({ port, openDesktop, log }: ServeShellOptions): Promise<void> {
  const send = (message: ToShell) => port.postMessage(message)
  const shell = new ShellCaller(send)
  const opened = Promise.withResolvers<OpenedCore>()
  const closed = Promise.withResolvers<void>()
  port.on('message', ({ data, ports: [windowPort] }) => {
    const message = toCore.parse(data)
    switch (message.kind) {
      case 'start':
        openDesktop(shell, message.previousEnd).then(opened.resolve, opened.reject)
        return
      case 'window':
        // A window that asks while the core opens is served as soon as it has.
        if (windowPort)
          void opened.promise.then(
            ({ answers }) => serveBridge(wireOf(windowPort), answers, log),
            () => {},
          )
        return
      case 'answer':
      case 'refusal':
        shell.take(message)
        return
      case 'event':
        shell.events.put(message.event)
        return
      case 'close':
        void opened.promise.then(
          (core) => core.close().then(closed.resolve, closed.reject),
          () => {},
        )
    }
  })
  await opened.promise
  send({ kind: 'ready' })
  await closed.promise
}
