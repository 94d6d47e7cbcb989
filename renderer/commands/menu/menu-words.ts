/** The titles of the system's menus. */
export const menuWords = { file: 'File', app: 'App', server: 'Server', pane: 'Pane' } as const

/** The menu of a log's or a terminal's pane. */
export const paneWords = { actions: 'Actions for the pane' } as const

/** What a menu behind three dots or by right click is called. */
export const actionsFor = (name: string): string => `Actions for ${name}`
