import { copyFile, mkdtemp, rm, stat } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { HearthError } from '../contract/errors.ts'
import type { LayerProgress } from '../core/ports/builds/layer-store.ts'
import { runCommand } from '../exec/command.ts'
import { fetchChecked } from './archive-layer.ts'
import { distributionOf, keyrings, type StackOffer } from './stack-offers.ts'

/**
 * The keys of a distribution that the server is none of. Not every distribution has a package of another's, so they come out of that
 * one's own, whose digest is pinned: the archive is not asked which keys it wants to be trusted by. Only the file is taken, because the
 * package would have the server's own apt trust them too.
 */
export async function ensureKeyring(offer: StackOffer, { signal }: LayerProgress): Promise<void> {
  const keyring = keyrings[distributionOf(offer)]
  if (!keyring || offer.archive === null || (await stat(keyring.file).catch(() => null))) return
  if (!keyring.source)
    throw new HearthError('unavailable', `The server has no ${keyring.file}: install the package ${keyring.package}.`)
  const folder = await mkdtemp(path.join(os.tmpdir(), 'hearth-keyring-'))
  try {
    const [url, file] = [
      `${offer.archive.url.replace(/\/$/, '')}/${keyring.source.path}`,
      path.join(folder, 'package.deb'),
    ]
    const { sha256 } = keyring.source
    // Whoever set the server up named the archive, so it may be anywhere.
    const mirrors = [{ from: url, to: url }]
    const recipe = { kind: 'archive', provider: keyring.package, folder: '', sha256, url } as const
    await fetchChecked(recipe, file, { mirrors, signal })
    await runCommand(['dpkg-deb', '--extract', file, folder])
    await copyFile(path.join(folder, keyring.file), keyring.file)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
