import type { PinnedArchive } from '../lib/choose-version.ts'

export type JavaKind = 'jdk' | 'jre'

/**
 * Eclipse Temurin, the builds of OpenJDK that most others build on: the newest update of each long-term line, its JDK for builds and
 * its JRE for dynos. Versions and digests are those of the project's own container images.
 */
const releases: readonly {
  readonly tag: string
  readonly version: string
  readonly sha256: Record<JavaKind, PinnedArchive['sha256']>
}[] = [
  {
    tag: '8u502-b07',
    version: '8.0.502',
    sha256: {
      jdk: {
        x64: 'b8f5440f64f50193c01f67dacba55c9660caffe13b908baf6bd1955f4dd4c3ea',
        arm64: '34912db17786f7144dab274f040a42028e25da6e7a6a09780d7013339a56bdb2',
      },
      jre: {
        x64: 'f1a7bea0804bfa5627dac412fe7a0d751c4228592e356d6a32a30da54a48ed7a',
        arm64: '4ffd3abaf65a47610096d9c25ea06f2439428f1c087d3e54eb518553a6115638',
      },
    },
  },
  {
    tag: '11.0.32+9',
    version: '11.0.32',
    sha256: {
      jdk: {
        x64: '5906e0339e9322a688b2375eaf40666e00a16e008b0067b0a9f9e4b6c5033720',
        arm64: '66a7d4af3572d920b0f1b01710ffa79888d4ddd1b784632e33a3d711aa7d1e63',
      },
      jre: {
        x64: '87ab4bf8dec10775d986957bc313816678f9227f1d033d7d6e6a1d00dace5b95',
        arm64: 'c65c7aada375e3f913ff7a9a8ce00a280b1de10a2ac1321789ac5909508cae76',
      },
    },
  },
  {
    tag: '17.0.20+8',
    version: '17.0.20',
    sha256: {
      jdk: {
        x64: 'be7668bc030d578b83d6d5ef9221d6d6729bbbca8cf94a7d52e16ac68b5a5a35',
        arm64: 'd143936f473a4cb24e3b0e247d6d0775769d55ec9775c339540e753059a8d77a',
      },
      jre: {
        x64: 'ef491a51a46ef90cc47fbc4abb219fde32483ff91be5ec66ddc896df43524b27',
        arm64: '9d14a95e07c44bc48666625162baf40db9da4dcb192bfc3e43047790693061a2',
      },
    },
  },
  {
    tag: '21.0.12+8',
    version: '21.0.12',
    sha256: {
      jdk: {
        x64: 'e4446ff06a276155697597cc0f1b15da004ff083f4964a35271ecee567177370',
        arm64: 'eba38e871b02d407897bfe017ea35352dfc1420ef6d2112425b0c67325ca509d',
      },
      jre: {
        x64: '8a379a67c91a3ae61ffb33d46e0a40c7ba35e70713c4db31cfca30492f792eff',
        arm64: '5f9c96b656827b9d14ebeda7739e25be554fa6d25669b03847c1df6e869c0679',
      },
    },
  },
  {
    tag: '25.0.4+7',
    version: '25.0.4',
    sha256: {
      jdk: {
        x64: 'e58fcdcd637b25c03ca84cbbcefc70d11efb8f4b4cbd05decc9f661769d77f94',
        arm64: '621f7196f0b682fb557da58bec89bd7dfe5419811fe1c0ba75c9cc8432f084c7',
      },
      jre: {
        x64: 'aed3915f8facc0c80733ab2448bb0df4b494a36a2c5759e9a6e1eb979720f2b3',
        arm64: '1f2644427000316bc431df3389504551ed7464fe8486bf6b4f1130af9ffc8f55',
      },
    },
  },
]

const architectures: Readonly<Record<string, string>> = { x64: 'x64', arm64: 'aarch64' }

/** Oldest first. */
export function listJavaArchives(kind: JavaKind): PinnedArchive[] {
  return releases.map(({ version, sha256 }) => ({ version, sha256: sha256[kind] }))
}

/** `.../temurin21-binaries/releases/download/jdk-21.0.12%2B8/OpenJDK21U-jre_x64_linux_hotspot_21.0.12_8.tar.gz` */
export function renderJavaArchiveUrl(kind: JavaKind, version: string, architecture: string): string {
  const tag = releases.find((one) => one.version === version)?.tag ?? version
  const major = Number.parseInt(version, 10)
  const release = major === 8 ? `jdk${tag}` : `jdk-${tag.replace('+', '%2B')}`
  const file = `OpenJDK${major}U-${kind}_${architectures[architecture]}_linux_hotspot_${tag.replace('+', '_').replace('-', '')}.tar.gz`
  return `https://github.com/adoptium/temurin${major}-binaries/releases/download/${release}/${file}`
}
