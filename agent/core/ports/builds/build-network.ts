/** A network of the builds' own: the Internet, and of the server and its local network only what is allowed by name. */
export interface BuildNetwork {
  readonly namespacePath: string
  /** Text of `resolv.conf`. */
  readonly resolvConf: string
}

/** Asked for before each job, since a flushed firewall or a registry that moved is put right then. */
export type OpenBuildNetwork = () => Promise<BuildNetwork>
