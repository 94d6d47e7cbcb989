import http from 'node:http'
import { text } from 'node:stream/consumers'
import { expect } from 'vitest'
import type { Agent } from '../../electron/core/ports/agent.ts'

/** What the router at this port of this machine answers for a host name. */
export function visitHost(port: number, host: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, headers: { host }, agent: false }
    http
      .get(options, (response) => resolve(text(response).then((body) => ({ status: response.statusCode ?? 0, body }))))
      .on('error', reject)
  })
}

/** The whole of a stream of the agent's. */
export async function readText(agent: Agent, url: string): Promise<string> {
  return Buffer.concat(await collect(agent.readStream(url))).toString()
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = []
  for await (const item of items) collected.push(item)
  return collected
}

/** What a call that is refused so is rejected with. */
export const refused = (status: number, message: RegExp | string) =>
  expect.objectContaining({ status, message: expect.stringMatching(message) })
