/** A public key by which somebody may log in. */
export interface PublicKey {
  /** The start of the key's SHA-256, as in its forced command. */
  readonly id: string
  /** `ssh-ed25519` */
  readonly type: string
  /** The key itself, base64. */
  readonly blob: string
  /** Whose and where, as its owner calls it: says nothing about who they are. */
  readonly comment: string
}

/** A key that sshd lets in through our forced command. */
export interface LoginKey extends PublicKey {
  /** When root said so by `keys add`, ISO 8601; null for every other line. */
  readonly letInAt: string | null
}

/** The keys by which people log in to the server. Root may change them at any time, beside us. */
export interface LoginKeys {
  /** As they are now; the same array as long as nothing changed. */
  current(): readonly LoginKey[]
  /** The key's id where a UUID is wanted: whom a token belongs to, and the key in the API. */
  ownerOf(keyId: string): string
  /** One line of a `.pub` file; throws `invalid_params` for anything else. */
  parse(publicKey: string): PublicKey
  /** Takes keys out and puts keys in, all in one step. */
  change(change: { readonly remove: readonly string[]; readonly add: readonly PublicKey[] }): Promise<void>
}
