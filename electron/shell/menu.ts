import { Menu, type MenuItemConstructorOptions } from 'electron'
import type { ShellMenu } from '../bridge/contract-shell.ts'

/** The window's own commands between the menus that every program has; `choose` is told which one was chosen. */
export function setMenu(commands: ShellMenu, choose: (id: string) => void, update: (() => void) | null): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(renderMenu(commands, choose, process.platform, update)))
}

/**
 * The template for Electron. Copy and paste in a terminal need the Edit roles on macOS. The page hears every key before the menu
 * does, so Ctrl Z in a field is the field's, and elsewhere the window's.
 */
export function renderMenu(
  commands: ShellMenu,
  choose: (id: string) => void,
  platform: NodeJS.Platform,
  /** Looks for a new Hearth; null where there is nothing to look in. */
  update: (() => void) | null = null,
): MenuItemConstructorOptions[] {
  const [first, ...others] = commands.map(({ label, items }) => ({
    label,
    items: items.map(
      (item): MenuItemConstructorOptions => ({
        label: escapeLabel(item.label),
        enabled: item.isEnabled,
        ...(item.accelerator === null ? {} : { accelerator: item.accelerator }),
        // The page hears its keys itself; registered here they would run twice.
        registerAccelerator: false,
        click: () => choose(item.id),
      }),
    ),
  }))
  return [
    ...(platform === 'darwin' ? [{ role: 'appMenu' as const }] : []),
    {
      label: first?.label ?? 'File',
      submenu: [...(first?.items ?? []), { type: 'separator' }, { role: platform === 'darwin' ? 'close' : 'quit' }],
    },
    { label: 'Edit', submenu: editRoles.map((role) => (role === 'separator' ? { type: role } : { role })) },
    ...others.map(({ label, items }) => ({ label: escapeLabel(label), submenu: items })),
    { role: 'viewMenu' },
    { role: 'windowMenu' },
    ...(update ? [{ role: 'help' as const, submenu: [{ label: 'Check for updates…', click: update }] }] : []),
  ]
}

const editRoles = ['undo', 'redo', 'separator', 'cut', 'copy', 'paste', 'selectAll'] as const

/** An ampersand marks the letter that Alt opens an item by. */
const escapeLabel = (label: string) => label.replaceAll('&', '&&')
