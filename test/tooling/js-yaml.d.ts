declare module 'js-yaml' {
  /** Parses one document; throws where it is none. */
  export function load(text: string): unknown
}
