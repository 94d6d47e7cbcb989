/** The titles of the system's menus. */
export const menuWords = { file: 'File', app: 'App', server: 'Server' } as const

/** What a menu behind three dots or by right click is called. */
export const actionsFor = (name: string): string => `Actions for ${name}`
