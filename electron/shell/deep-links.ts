import { app } from 'electron'
import type { ShellEvent } from '../bridge/contract-shell.ts'
import { isDeepLink, parseDeepLink } from '../core/deep-link.ts'

/**
 * Takes `hearth://` links wherever a system hands them over: as an argument of this start, of a second one, or as macOS's event.
 * A link is read strictly and only ever opens a form.
 */
export function takeDeepLinks(tell: (event: ShellEvent) => void, start: readonly string[]): void {
  const take = (text: string) => tell(readLink(text))
  app.setAsDefaultProtocolClient('hearth')
  app.on('second-instance', (_event, argv) => findLinks(argv).forEach(take))
  app.on('open-url', (event, url) => {
    event.preventDefault()
    take(url)
  })
  findLinks(start).forEach(take)
}

const findLinks = (argv: readonly string[]): string[] => argv.filter(isDeepLink)

function readLink(text: string): ShellEvent {
  const link = parseDeepLink(text)
  return link ? { kind: 'link', link } : { kind: 'bad-link', text: text.slice(0, 120) }
}
