import { readFile } from 'node:fs/promises'

/** The names of the network's interfaces, by our own network namespace; /sys shows that of whoever mounted it. */
export async function listLinks(): Promise<string[]> {
  const text = await readFile('/proc/self/net/dev', 'utf8')
  return text.split('\n').flatMap((line) => /^\s*([^:\s]+):/.exec(line)?.[1] ?? [])
}

export async function hasLink(name: string): Promise<boolean> {
  return (await listLinks()).includes(name)
}
