import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { printWarning } from '../lib/output.ts'

/** An editor or git on Windows may have given a script line ends that no shell understands. */
export async function repairScript(app: string, name: string): Promise<void> {
  const file = path.join(app, name)
  const text = await readFile(file, 'utf8')
  if (!text.includes('\r\n')) return
  printWarning(
    `${name} has the line ends of Windows, which a shell does not understand. They are corrected for this build.\n` +
      `To be sure, add to .gitattributes: ${name} text eol=lf`,
  )
  await writeFile(file, text.replaceAll('\r\n', '\n'))
}
