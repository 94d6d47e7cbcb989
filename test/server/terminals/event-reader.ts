import type { AgentDoor } from '../../../electron/core/ports/agent-door.ts'
import { eventually } from '../../servers/index.ts'
import type { TestDesktop } from '../hearth-server.ts'

/** Reads a log session as the stock client does: server-sent events, and again after the last of them. */
export class EventReader implements AsyncDisposable {
  readonly lines: string[] = []
  readonly #desktop: TestDesktop
  readonly #path: string
  #lastId: string | null = null
  #door: AgentDoor | null = null

  private constructor(desktop: TestDesktop, path: string) {
    this.#desktop = desktop
    this.#path = path
  }

  static async open(desktop: TestDesktop, path: string): Promise<EventReader> {
    const reader = new EventReader(desktop, path)
    await reader.comeBack()
    return reader
  }

  /** Connects, anew if need be. */
  async comeBack(): Promise<void> {
    await this.#door?.close()
    const { core, serverId } = this.#desktop
    this.#door = await core.servers.openDoor(serverId)
    const again: Record<string, string> = this.#lastId === null ? {} : { 'last-event-id': this.#lastId }
    const exchange = await this.#door.open({
      method: 'GET',
      path: this.#path,
      headers: { accept: 'text/event-stream', ...again },
      isAuthorized: false,
    })
    exchange.request.end()
    const { status, body } = await exchange.answer
    if (status !== 200) throw new Error(`the log session answered ${status}`)
    let rest = ''
    body.setEncoding('utf8')
    // How it ends is for the test to know.
    body.on('error', () => {})
    body.on('data', (text: string) => {
      const events = (rest + text).split('\n\n')
      rest = events.pop() ?? ''
      for (const event of events) this.#take(event)
    })
  }

  async waitFor(text: string): Promise<void> {
    await eventually(() => this.lines.some((line) => line.includes(text)), 60_000, `${text} is not in the log`)
  }

  #take(event: string): void {
    for (const field of event.split('\n')) {
      if (field.startsWith('id: ')) this.#lastId = field.slice(4)
      if (field.startsWith('data: ')) this.lines.push(field.slice(6))
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#door?.close()
  }
}
