import { Menu, nativeImage, Tray } from 'electron'
import type { Presentation } from '../bridge/contract-shell.ts'
import { trayIcon } from './tray-icon.ts'

/** The sign beside the clock, with what runs; there only while the window asks for it. */
export class TrayIcon {
  #tray: Tray | null = null
  readonly #choose: (id: string) => void

  constructor(choose: (id: string) => void) {
    this.#choose = choose
  }

  show(wanted: Presentation['tray']): void {
    if (!wanted) {
      this.#tray?.destroy()
      this.#tray = null
      return
    }
    this.#tray ??= new Tray(nativeImage.createFromDataURL(trayIcon))
    this.#tray.setToolTip(wanted.tooltip)
    const items = wanted.items.map(({ id, label }) => ({ label, click: () => this.#choose(id) }))
    this.#tray.setContextMenu(Menu.buildFromTemplate(items))
  }
}
