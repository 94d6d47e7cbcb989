import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'

const folder = '/proc/sys/net/ipv6/conf'

/**
 * Lets IPv6 pass through this server. A Linux that forwards takes no addresses and routes from its router any more, unless it
 * is told to (`accept_ra` 2), so that comes first: the server keeps its way out.
 * Source: https://docs.kernel.org/networking/ip-sysctl.html
 */
export async function forwardIpv6(): Promise<void> {
  const read = async (name: string) => (await readFile(path.join(folder, name), 'utf8').catch(() => '')).trim()
  if ((await read('all/forwarding')) === '1') return
  for (const name of await readdir(folder))
    if ((await read(`${name}/accept_ra`)) === '1') await writeFile(path.join(folder, name, 'accept_ra'), '2\n')
  await writeFile(path.join(folder, 'all/forwarding'), '1\n')
}
