/** What the platform gives each of a buildpack's programs. */
export const platformEnvironment: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
)
