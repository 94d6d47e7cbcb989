import { createHash, timingSafeEqual } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { chooseCaching, chooseEncoding, includesTag, readRange } from './conditions.ts'
import { type Content, Contents } from './content.ts'
import { findFile, hasFile, readPathname } from './find-file.ts'
import { fitsPattern } from './pattern.ts'
import { type Backend, findProxy, forward } from './proxy.ts'
import type { Site } from './site.ts'

/** Longer than routers keep a connection, so that none sends a request into one that is just being closed. */
const keepAliveMs = 95_000

export interface SiteServerOptions {
  readonly site: Site
  /** The app's folder. */
  readonly app: string
  readonly port: number
  /** `user:password` of a site that asks for it. */
  readonly login: string | null
}

/** Serves a site on all addresses; ready when the promise is. Closing answers what has been asked. */
export async function serveSite({ site, app, port, login }: SiteServerOptions): Promise<Server> {
  const contents = new Contents()
  const folder = path.join(app, site.root)
  const server = createServer({ keepAliveTimeout: keepAliveMs }, (request, response) => {
    answer({ site, folder, login, contents }, request, response).catch((error: Error) => {
      // The client went away, or a file can't be read; the others must not feel it.
      if (!response.headersSent) return sendText(response, 500, 'The page could not be read.')
      response.destroy()
      if (!request.destroyed) console.error(`${request.url}: ${error.message}`)
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, resolve)
  })
  return server
}

interface Serving {
  readonly site: Site
  readonly folder: string
  readonly login: string | null
  readonly contents: Contents
}

async function answer(serving: Serving, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { site, folder, login, contents } = serving
  const { method = '', url = '', headers } = request
  const pathname = readPathname(url)
  const isRead = method === 'GET' || method === 'HEAD'
  const proxy = pathname === null ? null : findProxy(site.proxies, url)
  if (!isRead && proxy === null) {
    response.setHeader('allow', 'GET, HEAD')
    return sendText(response, 405, 'This site has only files to read.')
  }
  if (pathname === null) return sendText(response, 400, 'That is not an address of a page.')
  if (site.isHttpsOnly && headers['x-forwarded-proto'] === 'http')
    return redirect(response, 301, `https://${headers.host ?? ''}${url.replace(/^\/+/, '/')}`)
  if (login !== null && !isLogin(headers.authorization, login)) {
    response.setHeader('www-authenticate', 'Basic realm="Restricted", charset="UTF-8"')
    return sendText(response, 401, 'This site asks for a name and a password.')
  }
  // A file of that name goes before, as on Heroku.
  if (proxy && !(isRead && (await hasFile(site, folder, pathname)))) {
    // This site's own password is not for others.
    if (login !== null) delete headers.authorization
    return pass(proxy, request, response)
  }
  for (const { pattern, values } of site.headers)
    if (fitsPattern(pattern, pathname))
      for (const [name, value] of Object.entries(values)) response.setHeader(name, value)
  const found = await findFile(site, folder, pathname)
  if (found.kind === 'nothing') return sendText(response, 404, 'There is no such page.')
  if (found.kind === 'redirect') return redirect(response, found.status, found.to + readQuery(url))
  setDefault(response, 'cache-control', found.status === 200 ? chooseCaching(pathname) : 'no-cache')
  await sendContent(await contents.open(found.file), found.status, { contents, request, response })
}

async function pass(proxy: Backend, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    await forward(proxy, request, response)
  } catch (error) {
    if (response.headersSent) throw error
    console.error(`${proxy.from}: ${proxy.origin} does not answer: ${(error as Error).message}`)
    sendText(response, 502, 'What answers here can not be reached.')
  }
}

async function sendContent(
  content: Content,
  status: 200 | 404,
  { contents, request, response }: { contents: Contents; request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  const { headers } = request
  const range = status === 200 ? readRange(headers.range, content.sizeBytes) : null
  // A part is a part of the file itself, and only of the file that the client has the rest of.
  const part = headers['if-range'] === undefined || headers['if-range'] === content.tag ? range : null
  const encoding = part === null ? chooseEncoding(headers['accept-encoding']) : null
  const packed = encoding && (await contents.pack(content, encoding))
  const tag = packed ? content.tag.replace(/"$/, `-${encoding}"`) : content.tag
  setDefault(response, 'content-type', content.type)
  setDefault(response, 'x-content-type-options', 'nosniff')
  response.setHeader('etag', tag)
  response.setHeader('vary', 'accept-encoding')
  response.setHeader('accept-ranges', 'bytes')
  if (status === 200 && includesTag(headers['if-none-match'], tag)) {
    response.removeHeader('content-type')
    return void response.writeHead(304).end()
  }
  if (part === 'none') {
    response.setHeader('content-range', `bytes */${content.sizeBytes}`)
    return sendText(response, 416, 'The file has no such part.')
  }
  if (packed) response.setHeader('content-encoding', encoding as string)
  if (part) response.setHeader('content-range', `bytes ${part.from}-${part.to}/${content.sizeBytes}`)
  const sizeBytes = part ? part.to - part.from + 1 : (packed?.length ?? content.sizeBytes)
  response.writeHead(part ? 206 : status, { 'content-length': sizeBytes })
  if (request.method === 'HEAD' || sizeBytes === 0) return void response.end()
  if (packed) return void response.end(packed)
  const bytes = part ? { start: part.from, end: part.to } : { start: 0, end: content.sizeBytes - 1 }
  await pipeline(createReadStream(content.file, bytes), response)
}

function redirect(response: ServerResponse, status: number, to: string): void {
  response.setHeader('location', to)
  sendText(response, status, 'The page is at another address.')
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response
    .writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-cache' })
    .end(`${text}\n`)
}

function setDefault(response: ServerResponse, name: string, value: string): void {
  if (!response.hasHeader(name)) response.setHeader(name, value)
}

function readQuery(url: string): string {
  const at = url.indexOf('?')
  return at === -1 ? '' : url.slice(at)
}

/** Digests have one length, so that the time of comparing tells nothing. */
function isLogin(header: string | undefined, login: string): boolean {
  const [, given = ''] = /^Basic (\S+)$/i.exec(header ?? '') ?? []
  const digest = (text: Buffer) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(Buffer.from(given, 'base64')), digest(Buffer.from(login)))
}
