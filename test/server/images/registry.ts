// A registry that gives images away: what pulling needs of the OCI distribution specification, in memory.
// https://github.com/opencontainers/distribution-spec/blob/main/spec.md
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'

export interface ImageConfig {
  readonly Cmd?: readonly string[]
  readonly Entrypoint?: readonly string[]
  readonly Env?: readonly string[]
  readonly User?: string
  readonly Labels?: Readonly<Record<string, string>>
  readonly WorkingDir?: string
  readonly ExposedPorts?: Readonly<Record<string, object>>
}

const mediaTypes = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
}

export class Registry implements AsyncDisposable {
  /** `user:password` that it wants to see. */
  login: string | null = null
  /** Ends each connection in the middle of a layer. */
  isBreaking = false
  readonly #server: Server
  readonly #blobs = new Map<string, Buffer>()
  readonly #tags = new Map<string, string>()

  private constructor() {
    this.#server = createServer((request, response) => this.#answer(request, response))
  }

  static async open(host: string, port = 0): Promise<Registry> {
    const registry = new Registry()
    await new Promise<void>((resolve) => registry.#server.listen(port, host, resolve))
    return registry
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Puts an image of one layer there, and returns its digest. A tag moves. */
  put(name: string, layer: Buffer, config: ImageConfig, architecture = process.arch === 'arm64' ? 'arm64' : 'amd64') {
    const packed = gzipSync(layer, { level: 1 })
    const rootfs = { type: 'layers', diff_ids: [digestOf(layer)] }
    const configBlob = Buffer.from(JSON.stringify({ architecture, os: 'linux', config, rootfs }))
    const describe = (mediaType: string, blob: Buffer) => ({ mediaType, digest: this.#keep(blob), size: blob.length })
    const manifest = {
      schemaVersion: 2,
      mediaType: mediaTypes.manifest,
      config: describe(mediaTypes.config, configBlob),
      layers: [describe(mediaTypes.layer, packed)],
    }
    const digest = this.#keep(Buffer.from(JSON.stringify(manifest)))
    this.#tags.set(name, digest)
    return digest
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #keep(blob: Buffer): string {
    const digest = digestOf(blob)
    this.#blobs.set(digest, blob)
    return digest
  }

  #answer({ url = '', headers }: IncomingMessage, response: ServerResponse): void {
    if (this.login !== null && headers.authorization !== `Basic ${Buffer.from(this.login).toString('base64')}`)
      return void response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="test"' }).end()
    if (url === '/v2/') return void response.writeHead(200).end('{}')
    const [, name, kind, reference = ''] = /^\/v2\/(.+)\/(manifests|blobs)\/(.+)$/.exec(url) ?? []
    const digest = reference.startsWith('sha256:') ? reference : this.#tags.get(`${name}:${reference}`)
    const blob = digest === undefined ? undefined : this.#blobs.get(digest)
    if (!blob)
      return void response.writeHead(404).end('{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}')
    const type = kind === 'manifests' ? mediaTypes.manifest : 'application/octet-stream'
    response.writeHead(200, {
      'Content-Type': type,
      'Docker-Content-Digest': digest,
      'Content-Length': blob.length,
    })
    if (this.isBreaking && blob.length > 100_000) response.write(blob.subarray(0, 50_000), () => response.destroy())
    else response.end(blob)
  }
}

const digestOf = (blob: Buffer) => `sha256:${createHash('sha256').update(blob).digest('hex')}`
