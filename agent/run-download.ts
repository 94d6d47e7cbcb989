import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import type { DownloadHead, DownloadOrder } from './exec/download.ts'
import { openDownload } from './exec/open-download.ts'

/** `download`: the other end of exec/download.ts. Status 0 means that all of the body was written. */
export async function runDownload(): Promise<void> {
  // Whoever asked may be gone; then there is nobody left to tell.
  process.stdout.on('error', () => process.exit(1))
  const { url, ...options } = JSON.parse(await text(process.stdin)) as DownloadOrder
  const { signal } = new AbortController()
  const response = await openDownload(url, { ...options, signal }).catch((error: NodeJS.ErrnoException) => {
    // An AggregateError of all addresses that were tried has a code and no message.
    writeHead({ failure: error.message || (error.code ?? 'no connection') })
    return null
  })
  if (!response) return
  writeHead({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? null })
  await pipeline(response, process.stdout)
}

function writeHead(head: DownloadHead): void {
  process.stdout.write(`${JSON.stringify(head)}\n`)
}
