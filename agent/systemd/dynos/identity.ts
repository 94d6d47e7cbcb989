import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { AppAccount } from '../apps/app-accounts.ts'

/** Files of /etc that differ from app to app, as the top layer of its dynos' roots. */
export function renderIdentity(
  account: AppAccount,
  app: { name: string; address: string; resolvers: readonly string[] },
) {
  const { uid, user } = account
  return {
    passwd: [
      'root:x:0:0:root:/root:/bin/bash',
      `${user}:x:${uid}:${uid}:${app.name}:/app:/bin/bash`,
      'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin',
      '',
    ].join('\n'),
    group: ['root:x:0:', `${user}:x:${uid}:`, 'nogroup:x:65534:', ''].join('\n'),
    hosts: ['127.0.0.1 localhost', '::1 localhost ip6-localhost', `${app.address} ${app.name}`, ''].join('\n'),
    'resolv.conf': renderResolvConf(app.resolvers),
  }
}

export function renderResolvConf(resolvers: readonly string[]): string {
  return resolvers.map((resolver) => `nameserver ${resolver}\n`).join('')
}

export async function writeIdentity(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(path.join(folder, 'etc'), { recursive: true, mode: 0o755 })
  await Promise.all(
    Object.entries(files).map(([name, text]) => writeFile(path.join(folder, 'etc', name), text, { mode: 0o644 })),
  )
}
