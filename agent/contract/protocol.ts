/** The wire protocol's number; raised when an older desktop could misread an answer. */
export const protocolVersion = 1
