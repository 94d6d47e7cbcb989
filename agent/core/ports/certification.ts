/** What makes certificates, and whom this system trusts to. */
export interface Certification {
  /** The roots that this system trusts, PEM. */
  trustedRoots(): Promise<readonly string[]>
}
