import { isPrivate } from './domain-check.ts'

/** Where an app answers without any DNS of its owner's. */
export interface DefaultNames {
  /** Announced on the local network: `shop.local`. */
  readonly local: boolean
  /** A domain whose names have their address in them: `shop.203-0-113-5.sslip.io`. Null: none is used. */
  readonly addressDomain: string | null
}

/**
 * What a server has unless its operator says otherwise: where others reach it only from the same network, names of that network, which
 * nobody else hears of; else names with its public address in them. The embedded server has its desktop's `*.localhost`.
 */
export function chooseNames(runner: 'systemd' | 'process', addresses: readonly string[]): DefaultNames {
  if (runner === 'process' || addresses.length === 0) return { local: false, addressDomain: null }
  return addresses.every(isPrivate) ? { local: true, addressDomain: null } : { local: false, addressDomain: 'sslip.io' }
}

/**
 * Host names with `{app}` for the app's. One label under `.local`: Windows and most of Linux resolve no more. Of several addresses the
 * first public one is taken, else the first.
 */
export function nameTemplates({ addressDomain, local }: DefaultNames, addresses: readonly string[]): string[] {
  const address = addresses.find((one) => !isPrivate(one)) ?? addresses[0]
  return [
    ...(local ? ['{app}.local'] : []),
    ...(addressDomain !== null && address !== undefined ? [`{app}.${labelOf(address)}.${addressDomain}`] : []),
  ]
}

export const fillName = (template: string, app: string): string => template.replace('{app}', app)

/** `203-0-113-5`, `2001-db8--5`; a label neither begins nor ends with a hyphen. */
function labelOf(address: string): string {
  return address.replace(/[.:]/g, '-').replace(/^-/, '0-').replace(/-$/, '-0')
}
