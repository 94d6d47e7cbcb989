import type { PinnedArchive } from '../lib/choose-version.ts'

/**
 * Builds of the project python-build-standalone, which uv and others install too. Versions and digests: its release of this
 * day. One patch of each line that the Python project still mends.
 */
const release = '20260814'

const architectures: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' }

export const pythonArchives: readonly PinnedArchive[] = [
  {
    version: '3.10.21',
    sha256: {
      x64: '807bb6746dd8b7a347fe833ee1cc2543457e5c2c98059dc454600468ee7cae7b',
      arm64: '686077ed8d668e3446f03f202bc3c99955d350a0db0ace5f8ce45f1b451b54b7',
    },
  },
  {
    version: '3.11.16',
    sha256: {
      x64: '3b437f08720d3ddd9c1904532476ec9fb373e800d1598c72c907dd6d5f29b79b',
      arm64: '6a250f5c9326eebaa528d5d132cd66ebd1d7540cf45ac703f19e13f41d1be9b6',
    },
  },
  {
    version: '3.12.14',
    sha256: {
      x64: '5acfa3e9ba26b51ae161c83aff278da915b590d22373a424b2ba55b8afe91fcc',
      arm64: '2d8e17dfd732102cfeb18e0e1fa6769b24caa034e159981129590fe409c7157a',
    },
  },
  {
    version: '3.13.15',
    sha256: {
      x64: 'aaca2af2ab4d7b68a712660d1334c0cfd5ec13c0312ccd30c29122d8d0342320',
      arm64: '985efd78c1c6521b379f7c64c2a25e6a1130f07441d1af8be441aa05260886aa',
    },
  },
  {
    version: '3.14.7',
    sha256: {
      x64: 'cefba034445d2875408d1fd4d5700ae6731563aeb54dcb39fd8164ab5c457533',
      arm64: '86dfb106b303fa6a1991f7da42ced3e11576f777be299b3162e06617b6d22542',
    },
  },
]

export function renderArchiveUrl(version: string, architecture: string): string {
  const place = 'https://github.com/astral-sh/python-build-standalone/releases/download'
  return `${place}/${release}/cpython-${version}%2B${release}-${architectures[architecture]}-unknown-linux-gnu-install_only_stripped.tar.gz`
}
