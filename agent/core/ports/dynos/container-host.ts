/** A server as a place for containers: what they need is there, or can be installed. */
export interface ContainerHost {
  /** The version of what runs them. Throws HearthError, saying what to do, when the server can't run any. */
  inspect(): Promise<{ version: string }>
  /**
   * Installs it from the server's own package sources. Throws why it can't be; and `gone` when the signal aborts, which ends
   * the waiting and not the package manager.
   */
  install(signal: AbortSignal): Promise<void>
  /** What the package manager printed in the newest installation, its end; null when there was none since the server started. */
  readOutput(): Promise<string | null>
}
