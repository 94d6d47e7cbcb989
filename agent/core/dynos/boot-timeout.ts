import type { ImageRuntime, LayerReference } from '../ports/builds/slug-store.ts'

/** What is known of a slug that tells what its dynos run in. */
export interface SlugNature {
  /** What detection said: `Node.js`. */
  readonly description: string
  readonly layers: readonly LayerReference[]
  /** Those of Java say so in their environment. */
  readonly images?: readonly Pick<ImageRuntime, 'environment'>[]
}

const described = /^(java|scala|clojure|kotlin|gradle|play|jvm)\b/i
const provided = /\b(openjdk|temurin|zulu|corretto|default-jre|default-jdk|jre|jdk|java)\b/i

/**
 * A virtual machine that has to load and compile its classes first is given longer to listen (R10).
 * https://devcenter.heroku.com/articles/error-codes#r10-boot-timeout
 */
export function runsInJvm({ description, layers, images = [] }: SlugNature): boolean {
  const isImageOfJava = images.some(({ environment }) => 'JAVA_HOME' in environment || 'JAVA_VERSION' in environment)
  return isImageOfJava || described.test(description) || layers.some(({ provider }) => provided.test(provider))
}
