import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto'
import { link, mkdir, open, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Signer } from '../core/ports/signer.ts'

/** The keys of one server. They are made once, at the first start, and never leave it. */
export interface ServerKeys {
  /** Signs releases. */
  readonly signer: Signer
  /** Encrypts config vars at rest, 32 bytes. */
  readonly configKey: Uint8Array
  /** Makes tokens, 32 bytes. */
  readonly mintKey: Uint8Array
  /** Seals secrets that are to outlive the agent, 32 bytes; follows from the config key, which is as secret. */
  readonly sealKey: Uint8Array
}

export const keyFiles = { signing: 'signing.pem', config: 'config.key', mint: 'mint.key' } as const

/** Opens the keys in a folder, making those that are missing. The folder is made with mode 0700 when it is not there. */
export async function openKeys(directory: string): Promise<ServerKeys> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const signing = createPrivateKey(await openKey(join(directory, keyFiles.signing), makeSigningKey))
  const configKey = decode(await openKey(join(directory, keyFiles.config), makeSecret))
  return {
    signer: signerOf(signing),
    configKey,
    sealKey: Buffer.from(hkdfSync('sha256', configKey, '', 'hearth sealed secrets', 32)),
    mintKey: await readMintKey(directory),
  }
}

/** The mint key alone, for the forced command, which may read nothing else. */
export async function readMintKey(directory: string): Promise<Uint8Array> {
  return decode(await openKey(join(directory, keyFiles.mint), makeSecret))
}

function signerOf(key: KeyObject): Signer {
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64')
  return { publicKey, sign: (bytes) => sign(null, bytes, key).toString('base64') }
}

function makeSigningKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

function makeSecret(): string {
  return `${randomBytes(32).toString('base64')}\n`
}

function decode(text: string): Uint8Array {
  return Buffer.from(text.trim(), 'base64')
}

/** Two starts at once agree: the file appears whole under its name, and whoever comes second reads the first's. */
async function openKey(path: string, make: () => string): Promise<string> {
  const existing = await read(path)
  if (existing !== null) return existing
  const aside = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
  const file = await open(aside, 'wx', 0o600)
  try {
    await file.writeFile(make())
    await file.sync()
  } finally {
    await file.close()
  }
  await link(aside, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  await rm(aside)
  await syncDirectory(dirname(path))
  return readFile(path, 'utf8')
}

async function read(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r')
  await directory.sync()
  await directory.close()
}
