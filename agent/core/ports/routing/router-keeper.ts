/** What keeps the router's process running: systemd on a server, the agent itself on the embedded one. */
export interface RouterKeeper {
  /**
   * Ends the router in order and starts the program that is installed now. Resolves once the new process runs; on a
   * server connections that come meanwhile wait at the port, which systemd holds.
   */
  restart(): Promise<void>
}
