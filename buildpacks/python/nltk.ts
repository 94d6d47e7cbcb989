import path from 'node:path'
import type { Build } from '../lib/build.ts'
import { recogniseFailure } from '../lib/failures.ts'
import { KeptTree } from '../lib/kept-tree.ts'
import { printDetail, printHeader, printWarning } from '../lib/output.ts'
import { nltkFailures } from './failures.ts'
import { isInstalled, renderVenvEnvironment, venvName } from './venv.ts'

/** In the virtual environment, where NLTK looks by itself. */
const folder = path.join(venvName, 'nltk_data')

/**
 * NLTK's own command ends with 0 even when it could not download, and since 3.9 it refuses every server in a private network, as a
 * mirror is that the app itself names. Its parameters: index (empty for NLTK's own), folder, names.
 */
const program = `import sys
from nltk.downloader import Downloader
index, folder, *names = sys.argv[1:]
if index:
    try:
        from nltk import pathsec
        pathsec.ENFORCE = False
    except ImportError:
        pass
downloader = Downloader(index or None, folder)
for name in names:
    downloader.download(name, raise_on_error=True)
`

/** Corpora and models of NLTK that nltk.txt names, as on Heroku: names divided by spaces or lines, `#` begins a comment. */
export function parseNltkNames(text: string): string[] {
  return text.replace(/#.*/g, '').split(/\s+/).filter(Boolean)
}

/** Downloads what nltk.txt names, or takes it from the last build. */
export async function downloadNltkData(build: Build): Promise<void> {
  const text = await build.read('nltk.txt')
  if (text === null) return
  if (!(await isInstalled(build, 'nltk')))
    return printWarning('nltk.txt is not looked at: the package nltk is not among what the app installs.')
  const names = parseNltkNames(text)
  if (names.length === 0) return
  printHeader('Downloading data of NLTK')
  const index = build.configVars.get('NLTK_INDEX_URL') ?? ''
  const target = path.join(build.app, folder)
  const kept = new KeptTree(build.cache, 'nltk-data')
  const inputs = { 'nltk.txt': names.join('\n'), NLTK_INDEX_URL: index }
  const reason = await kept.restore(inputs, target)
  if (reason === null) return printDetail('Nothing changed since the last build: using its data')
  if (reason) printDetail(`Not using the data of the last build: ${reason}`)
  const parameters = ['-W', 'ignore', '-c', program, index, target, ...names]
  const { status, output } = await build.run('python', parameters, { environment: renderVenvEnvironment(build) })
  if (status === 0) return kept.keep(inputs, target)
  throw recogniseFailure({ status, output }, nltkFailures, {
    id: 'nltk-download-failed',
    headline: `Data of NLTK could not be downloaded: ${output.trim().split('\n').at(-1)}`,
    advice: 'Another place that has it is named by the config var NLTK_INDEX_URL, the address of its index.xml.',
  })
}
