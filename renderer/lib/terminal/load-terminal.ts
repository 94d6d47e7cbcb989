/** xterm, as soon as it is here: it comes when a terminal is first shown, or before when the window has nothing else to do. */
export const loadTerminal = () => import('./terminal.ts')
