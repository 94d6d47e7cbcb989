/** Where Node runtimes and package managers come from when nothing else is configured: the public npm registry. */
export const defaultRegistryUrl = 'https://registry.npmjs.org/'
