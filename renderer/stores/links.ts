import { bridge } from './bridge.ts'

/** In the user's browser; the shell opens web links only. */
export function openLink(url: string): void {
  void bridge().call('links.open', { url })
}
