import type { PinnedArchive } from '../lib/choose-version.ts'

/**
 * Go's own toolchains, as its module proxy hands them out (golang.org/toolchain), from where go 1.21 and newer take them too.
 * The newest patch of each line, its digest that of the zip.
 */
export const goArchives: readonly PinnedArchive[] = [
  {
    version: '1.22.12',
    sha256: {
      x64: 'd426bcf50497ae8665e741482aba04fc12782e8860857229d4005dcc480fd89b',
    },
  },
  {
    version: '1.23.12',
    sha256: {
      x64: '7bf9a01c191c452bf1fa9266a547abe0e437ff46d16adc9ec55fcc4fea24c121',
    },
  },
  {
    version: '1.24.13',
    sha256: {
      x64: 'd2b048367a3d1a748b87f756fa06df12ce3b419e1d5f2a3612acb8950d615f9f',
    },
  },
  {
    version: '1.25.14',
    sha256: {
      x64: '1bb543a7745d4c6e045a1bfdb4c4d5a0b05b71ee8b8ff72c0a351598b26991a4',
      arm64: 'eee0803776a2a3d42f0620d7b0156277350debb5d39c99a9b61c8b12108fd92c',
    },
  },
  {
    version: '1.26.11',
    sha256: {
      x64: 'e1edb778de0aa08c8e827f5a873b35a46afe680fb241482c531725b2355e470d',
      arm64: '51902dab7e130b07083119a36ce09e0cc50fdd9d0d64184c24bd302072ad8b70',
    },
  },
  {
    version: '1.27.4',
    sha256: {
      x64: '7ecd542f86ccbbb5017de33ac529872bc48c71f4edb658d63a18d2206f482b9b',
      arm64: '7088ab020c533c258eef3c8ba2a30f13749eec2f559d5d452bd0ddd4eafb51d8',
    },
  },
]

const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' }

/** `proxies` as in GOPROXY; the first address counts. A module's name is the same in every proxy. */
export function renderArchiveUrl(proxies: string | undefined, version: string, architecture: string): string {
  const proxy = proxies?.split(/[,|]/).find((one) => /^https?:/.test(one)) ?? 'https://proxy.golang.org'
  const name = `v0.0.1-go${version}.linux-${architectures[architecture]}.zip`
  return `${proxy.replace(/\/$/, '')}/golang.org/toolchain/@v/${name}`
}
