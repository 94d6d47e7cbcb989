// The package has types for its JavaScript half only.
declare module '@lydell/node-pty/requireBinary.js' {
  export function requireBinary(file: string): unknown
}
