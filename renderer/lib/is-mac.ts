/** Whether this computer's main key is Cmd. */
export const isMac = globalThis.navigator?.platform.startsWith('Mac') ?? false
