/** Signs releases with the server's ed25519 key. */
export interface Signer {
  /** SPKI in base64. */
  readonly publicKey: string
  /** Base64. */
  sign(bytes: Uint8Array): string
}
