import { readFile, stat } from 'node:fs/promises'
import { HearthError } from '../../../agent/contract/errors.ts'

const longest = 16_384

/** What somebody pasted or picked as a public key, as one line. A private key is refused here: it leaves no machine. */
export function readPublicKey(text: string): string {
  if (/PRIVATE KEY|^PuTTY-User-Key-File/m.test(text)) {
    throw new HearthError(
      'invalid_params',
      'That is a private key; it stays where it is, and nothing of it was sent. Take the file beside it that ends in .pub.',
    )
  }
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
  const [line = '', second] = lines
  if (second !== undefined || !/^(ssh|ecdsa|sk)-\S+ \S+/.test(line)) {
    throw new HearthError(
      'invalid_params',
      'That is not a public SSH key: it should be one line such as "ssh-ed25519 AAAA... name", as a file that ends in .pub has it.',
    )
  }
  return line
}

export async function readPublicKeyFile(path: string): Promise<string> {
  const { size } = await stat(path).catch((cause: unknown) => {
    throw new HearthError('not_found', `There is no file ${path}.`, { cause })
  })
  if (size > longest) throw new HearthError('invalid_params', `${path} is too large for a public SSH key.`)
  return readPublicKey(await readFile(path, 'utf8'))
}
