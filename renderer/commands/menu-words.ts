/** The titles of the system's menus. */
export const menuWords = { file: 'File', app: 'App', server: 'Server' } as const
