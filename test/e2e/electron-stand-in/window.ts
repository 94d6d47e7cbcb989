// Electron's BrowserWindow by a page of a real Chromium: the real preload bundle, the real page with its real policy.
import { EventEmitter } from 'node:events'
import { readFile } from 'node:fs/promises'
import type { BrowserContext, CDPSession, Page } from 'playwright-core'
import { renderPageShim } from './page-shim.ts'
import { PortCarrier, type StandInPort } from './port.ts'

/** Chromium knows no app:// here, so the page has this origin and the shell is told the other one. */
const pageOrigin = 'http://hearth.localhost'
const shellOrigin = 'app://hearth'

export interface StandInSurroundings {
  readonly context: BrowserContext
  /** What `protocol.handle` was given. */
  readonly answer: (request: { url: string }) => Promise<Response>
  /** Called for each message of a page. */
  readonly onIpc: (channel: string, event: object, parameters: unknown[]) => void
}

type FromPage =
  | { kind: 'ipc'; channel: string; parameters: unknown[] }
  | { kind: 'port'; id: number; data?: string; bytes?: string }
  | { kind: 'port-close'; id: number }

/** The page of one window, as Electron's webContents. */
export class StandInContents extends EventEmitter {
  page: Page | null = null
  readonly #surroundings: StandInSurroundings
  readonly #preload: string
  #carrier: PortCarrier | null = null
  #session: CDPSession | null = null
  #url = `${pageOrigin}/`

  constructor(preload: string, surroundings: StandInSurroundings) {
    super()
    this.#preload = preload
    this.#surroundings = surroundings
  }

  setWindowOpenHandler(): void {}

  /** The only way in which a message reaches the page; ports go with it. */
  postMessage(channel: string, _message: unknown, ports: StandInPort[] = []): void {
    this.#toPage({ kind: 'ipc', channel, ports: ports.map((port) => this.#carrier?.hand(port)) })
  }

  send(channel: string): void {
    this.postMessage(channel, null)
  }

  reload(): void {
    void this.load()
  }

  async load(): Promise<void> {
    const crashed = this.page
    if (crashed) this.#url = crashed.url()
    const page = await this.#surroundings.context.newPage()
    page.setDefaultTimeout(15_000)
    await this.#prepare(page)
    await page.goto(this.#url)
    this.page = page
    this.emit('loaded')
    await crashed?.close()
  }

  /** As if the page's process had run out of memory. */
  crash(): void {
    this.#session?.send('Page.crash').catch(() => {})
  }

  async #prepare(page: Page): Promise<void> {
    const carrier = new PortCarrier(({ data, ...message }) => this.#toPage({ ...message, ...encode(data) }))
    this.#carrier = carrier
    this.#session = await page.context().newCDPSession(page)
    page.on('crash', () => {
      carrier.closeAll()
      this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 139 })
    })
    page.on('close', () => carrier.closeAll())
    await page.route(`${pageOrigin}/**`, async (route) => {
      const { pathname } = new URL(route.request().url())
      const response = await this.#surroundings.answer({ url: `${shellOrigin}${pathname}` })
      const body = Buffer.from(await response.arrayBuffer())
      await route.fulfill({ status: response.status, headers: Object.fromEntries(response.headers), body })
    })
    const senderFrame = { parent: null, origin: shellOrigin, url: `${shellOrigin}/` }
    await page.exposeBinding('hearthToMain', (_source, message: FromPage) => {
      if (message.kind === 'port') carrier.receive(message.id, decode(message))
      else if (message.kind === 'port-close') carrier.close(message.id)
      else this.#surroundings.onIpc(message.channel, { senderFrame, sender: this }, message.parameters)
    })
    await page.addInitScript(renderPageShim(await readFile(this.#preload, 'utf8'), pageOrigin))
    this.#target = page
  }

  #target: Page | null = null

  /** In order: the browser takes one command of a session after the other. A page that is gone misses nothing. */
  #toPage(message: object): void {
    this.#target
      ?.evaluate(
        (sent) => (window as unknown as Record<string, (message: object) => void>).hearthFromMain?.(sent),
        message,
      )
      .catch(() => {})
  }
}

function encode(data: unknown): object {
  if (data instanceof Uint8Array) return { bytes: Buffer.from(data).toString('base64') }
  return { data }
}

function decode({ data, bytes }: { data?: string; bytes?: string }): unknown {
  return bytes === undefined ? data : new Uint8Array(Buffer.from(bytes, 'base64'))
}
