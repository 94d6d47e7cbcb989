import { describe, expect, it } from 'vitest'
import { HearthError } from '../../../agent/contract/errors.ts'
import {
  chooseAptOptions,
  chooseOwnSources,
  parseIndexTargets,
  renderSourcesList,
} from '../../../agent/stack/apt-configuration.ts'
import { parseLayerRequest } from '../../../agent/stack/layer-request.ts'
import { parseOsRelease } from '../../../agent/stack/os-release.ts'
import { chooseSources, listOffers, parseStackArchives } from '../../../agent/stack/stack-offers.ts'
import { Stacks } from '../../../agent/stack/stacks.ts'

describe("the server's package sources", () => {
  const targets = `http://deb.example.org/debian/|bookworm|main|/usr/share/keyrings/debian-archive-keyring.gpg
http://deb.example.org/debian/|bookworm|contrib|/usr/share/keyrings/debian-archive-keyring.gpg
http://deb.example.org/debian/|bookworm-updates|main|
http://security.example.org/|bookworm-security|main|/usr/share/keyrings/debian-archive-keyring.gpg
https://third.example.org/node|nodistro|main|/usr/share/keyrings/third.gpg
https://third.example.org/docker|bookworm|stable|/usr/share/keyrings/third.gpg
`
  it('of the distribution itself go into the stack, others do not', () => {
    expect(renderSourcesList(chooseOwnSources(parseIndexTargets(targets), 'bookworm'))).toBe(
      `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.example.org/debian/ bookworm main contrib
deb http://deb.example.org/debian/ bookworm-updates main
deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://security.example.org/ bookworm-security main
`,
    )
  })

  it('lead to the distribution’s other releases too, which stand beside it in the same archive', () => {
    const own = { stack: 'debian-12', codename: 'bookworm' }
    const archives = parseStackArchives('ubuntu-24.04=http://ubuntu.example.org/ubuntu')
    const [, trixie, noble, ...more] = listOffers(own, archives)
    expect([trixie?.stack, noble?.stack, more]).toEqual(['debian-13', 'ubuntu-24.04', []])
    const sources = parseIndexTargets(targets)
    const render = (offer = trixie) => (offer ? renderSourcesList(chooseSources({ offer, own, sources })) : '')
    expect(render()).toContain(' http://deb.example.org/debian/ trixie main contrib\n')
    expect(render()).toContain(' http://security.example.org/ trixie-security main\n')
    expect(render()).not.toMatch(/bookworm|third/)
    expect(render(noble).split('\n')[2]).toBe(
      'deb [signed-by=/usr/share/keyrings/ubuntu-archive-keyring.gpg] http://ubuntu.example.org/ubuntu noble-security main universe',
    )
    expect(() => parseStackArchives('arch-1=http://x.example')).toThrow(/with one of debian-12/)
    expect(() => parseStackArchives('debian-13=http://x.example,ftp://y.example')).toThrow(/pairs STACK=ADDRESS/)
  })

  it('of an archive that HEARTH_STACKS names have its security updates too, where the distribution has them', () => {
    const own = { stack: 'ubuntu-24.04', codename: 'noble' }
    const render = (text: string) => {
      const offer = listOffers(own, parseStackArchives(text)).find(({ stack }) => stack === 'debian-13')
      return offer ? renderSourcesList(chooseSources({ offer, own, sources: [] })).split('\n') : []
    }
    const key = '[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]'
    expect(render('debian-13=http://m.example/debian/')).toEqual([
      `deb ${key} http://m.example/debian/ trixie main`,
      `deb ${key} http://m.example/debian/ trixie-updates main`,
      `deb ${key} http://m.example/debian-security trixie-security main`,
      '',
    ])
    expect(render('debian-13=http://m.example/debian,http://s.example/all')[2]).toBe(
      `deb ${key} http://s.example/all trixie-security main`,
    )
  })

  it('are reached through the same proxy', () => {
    const dump = 'APT "";\nAcquire::http::Proxy "http://proxy:3142";\nAcquire::Languages "en";\n'
    expect(chooseAptOptions(dump)).toEqual(['Acquire::http::Proxy "http://proxy:3142";'])
  })
})

it('a stack is not begun where the disk has no room for it', async () => {
  const own = { stack: 'debian-12', codename: 'bookworm' }
  const directories = { stackDirectory: '/nowhere/stacks', layerDirectory: '/nowhere/layers' }
  const asked: number[] = []
  const requireFree = async (bytes: number) => {
    asked.push(bytes)
    throw new HearthError('disk_full', 'The disk is too full.')
  }
  const stacks = new Stacks({ ...directories, registryUrl: 'http://registry.example', requireFree }, own, [])
  const progress = { output: () => {}, signal: new AbortController().signal }
  const refused = { id: 'disk_full', message: 'The stack debian-12 could not be made: The disk is too full.' }
  await expect(stacks.open('debian-12', progress)).rejects.toMatchObject(refused)
  expect(asked[0]).toBeGreaterThan(300 * 1024 * 1024)
})

describe('the name of a stack', () => {
  it.each([
    ['ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n', 'debian-12'],
    ['VERSION_ID="24.04"\nVERSION_CODENAME=noble\nID=ubuntu\nID_LIKE=debian\n', 'ubuntu-24.04'],
  ])('comes from the release: %j', (text, stack) => {
    expect(parseOsRelease(text).stack).toBe(stack)
  })

  it('is not invented for another distribution', () => {
    expect(() => parseOsRelease('ID=alpine\nVERSION_ID=3.20\n')).toThrow(/runs alpine 3.20; Hearth needs Debian/)
  })
})

const hex = 'a'.repeat(64)
const unfit = [
  'archive go 1.2.3',
  `archive go 1.2.3 sha256:${hex} file:///etc/passwd`,
  `archive go 1.2.3 sha256:abc https://a.example/`,
  `archive ../go 1.2.3 sha256:${hex} https://a.example/`,
  `archive go ../1 sha256:${hex} https://a.example/`,
]

describe('a request for a layer', () => {
  it('is a runtime with a range, or Debian packages in a fixed order', () => {
    expect(parseLayerRequest('node >=22 <25')).toEqual({ kind: 'package', runtime: 'node', range: '>=22 <25' })
    expect(parseLayerRequest('apt ruby bundler ruby')).toEqual({
      kind: 'apt',
      packages: ['bundler', 'ruby'],
      programs: [],
    })
    expect(parseLayerRequest('apt ruby bundler for ruby bundle')).toMatchObject({ programs: ['ruby', 'bundle'] })
  })

  it('is an archive with its digest', () => {
    const line = `archive go 1.26.11 sha256:${hex} https://go.example/go.zip`
    const [name, version, url] = ['go', '1.26.11', 'https://go.example/go.zip']
    expect(parseLayerRequest(line)).toEqual({ kind: 'archive', name, version, sha256: hex, url })
  })

  it.each(['apt', 'apt -o', 'apt ruby=1.0', 'apt ../x', 'apt ./x.deb', 'cargo 1', 'apt x for ../y', ...unfit])(
    '%j is refused',
    (line) => {
      expect(() => parseLayerRequest(line)).toThrow(/not the name of a|can't make/)
    },
  )
})
