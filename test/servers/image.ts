import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { run } from './run.ts'
import { imagesDir, listMachines, locked, type Machine, machineDir } from './state.ts'

/** A prepared state of a server: its own layer over the base, and what it keeps in /var/lib/hearth. */
interface Image {
  suite: string
  base: string
  /** The images that it stands on, the newest first. */
  images: string[]
}

const imageDir = (name: string): string => join(imagesDir, name)
const descriptionOf = (name: string): string => join(imageDir(name), 'image.json')

export const imageExists = (name: string): boolean => existsSync(descriptionOf(name))

export function readImage(name: string): Image {
  if (!imageExists(name)) throw new Error(`there is no test server image named ${name}`)
  const image = JSON.parse(readFileSync(descriptionOf(name), 'utf8')) as Image
  const now = new Date()
  for (const used of [name, ...image.images]) utimesSync(descriptionOf(used), now, now)
  return image
}

export const imageLayers = (images: string[]): string[] => images.map((name) => join(imageDir(name), 'upper'))

/** Takes the storage of a machine that is off. The machine is of no more use after that. */
export async function saveImage(name: string, machine: Machine): Promise<void> {
  if (!/^[\w.-]+$/.test(name)) throw new Error(`an image name has letters, digits, dots and dashes only: ${name}`)
  if (machine.diskBytes) throw new Error('freeze a server that was booted without diskBytes')
  await locked('images', async () => {
    removeUnused()
    if (imageExists(name)) throw new Error(`there is a test server image named ${name} already`)
    const unfinished = `${imageDir(name)}.tmp`
    rmSync(unfinished, { recursive: true, force: true })
    mkdirSync(unfinished, { mode: 0o700 })
    for (const part of ['upper', 'hearth']) renameSync(join(machineDir(machine.name), part), join(unfinished, part))
    const image: Image = { suite: machine.suite, base: machine.base, images: machine.images }
    writeFileSync(join(unfinished, 'image.json'), JSON.stringify(image))
    renameSync(unfinished, imageDir(name))
  })
}

/** Each takes some hundred MB. Those that stand on others count as they do. */
const keptImages = 12

/**
 * Images are named by what is in them, so every change of the product makes another and none is asked for again. The few that
 * were used last stay for two days.
 */
function removeUnused(): void {
  const inUse = new Set(listMachines().flatMap(({ images }) => images))
  const usedAt = (name: string) => statSync(descriptionOf(name)).mtimeMs
  const newestFirst = readdirSync(imagesDir)
    .filter(imageExists)
    .toSorted((a, b) => usedAt(b) - usedAt(a))
  const isOld = (name: string) => Date.now() - usedAt(name) > 2 * 24 * 3_600_000
  for (const [at, name] of newestFirst.entries()) {
    if ((at >= keptImages || isOld(name)) && !inUse.has(name)) rmSync(imageDir(name), { recursive: true, force: true })
  }
}

/** Fills a new machine's /var/lib/hearth from its image. */
export async function copyImageStorage(machine: Machine, target: string): Promise<void> {
  const [newest] = machine.images
  if (!newest) return
  const source = join(imageDir(newest), 'hearth')
  // Read-only trees by their contract, and large: links are as good as copies.
  const entries = readdirSync(source)
  const isLinked = (entry: string) => entry === 'stacks' || entry === 'layers'
  const linked = entries.filter(isLinked)
  const copied = entries.filter((entry) => !isLinked(entry))
  const paths = (names: string[]) => names.map((name) => join(source, name))
  if (linked.length > 0) await run(['cp', '--archive', '--link', ...paths(linked), target])
  if (copied.length > 0) await run(['cp', '--archive', '--reflink=auto', ...paths(copied), target])
  for (const command of ['chmod', 'chown']) await run([command, `--reference=${source}`, target])
}
