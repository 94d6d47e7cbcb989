// Requests to apps through the desktop's gateway, as the browser makes them.
import { request } from 'node:http'

export interface Answer {
  status: number
  body: string
}

/** `http://<app>.localhost:<port>/`: browsers know that every such name is this machine, Node's resolver may not. */
export function visit(url: string): Promise<Answer> {
  const { host, port, pathname, search } = new URL(url)
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const options = { host: '127.0.0.1', port, path: pathname + search, headers: { host }, agent: false }
  const sent = request(options, (response) => {
    let body = ''
    response.setEncoding('utf8').on('data', (text: string) => {
      body += text
    })
    response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
    response.on('error', reject)
  })
  sent.on('error', reject)
  sent.end()
  return promise
}

/** Asks until an answer has the text. */
export async function visitUntil(url: string, text: string, timeoutMs = 20_000): Promise<string> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const answer = await visit(url).catch((error: Error) => ({ status: 0, body: error.message }))
    if (answer.status === 200 && answer.body.includes(text)) return answer.body
    if (Date.now() > deadline) throw new Error(`${url} says ${answer.status} ${answer.body.slice(0, 200)}, not ${text}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
