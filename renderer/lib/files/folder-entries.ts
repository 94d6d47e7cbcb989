import type { UploadFile } from './upload.ts'

/** Never read in a browser: large, and rebuilt or ignored on the other side anyway. */
const skipped = new Set(['node_modules', '.git', '.hg', '.svn', '.DS_Store'])

export interface PickedFolder {
  name: string
  files: UploadFile[]
  /** Folders that were left out before anything was read. */
  skipped: string[]
}

/** The folder among the dropped items, walked. Call it inside the drop event: the items are gone after it. */
export function readDroppedFolder(items: DataTransferItemList): Promise<PickedFolder> | null {
  const entries = [...items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null)
  const folder = entries.find((entry) => entry.isDirectory)
  return folder ? walk(folder as FileSystemDirectoryEntry) : null
}

async function walk(root: FileSystemDirectoryEntry): Promise<PickedFolder> {
  const picked: PickedFolder = { name: root.name, files: [], skipped: [] }
  const pending: { entry: FileSystemDirectoryEntry; path: string }[] = [{ entry: root, path: '' }]
  for (let next = pending.pop(); next; next = pending.pop()) {
    for (const entry of await listFolder(next.entry)) {
      const path = `${next.path}${entry.name}`
      if (skipped.has(entry.name)) picked.skipped.push(path)
      else if (entry.isDirectory) pending.push({ entry: entry as FileSystemDirectoryEntry, path: `${path}/` })
      else picked.files.push(asUpload(path, await openFile(entry as FileSystemFileEntry)))
    }
  }
  return picked
}

/** A reader gives at most 100 entries a time and an empty list at the end. */
async function listFolder(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0) return all
    all.push(...some)
  }
}

const openFile = (entry: FileSystemFileEntry) => new Promise<File>((resolve, reject) => entry.file(resolve, reject))

/** The files of `<input type=file webkitdirectory>`: paths start with the folder's own name. */
export function readPickedFolder(list: Iterable<File>): PickedFolder | null {
  const files = [...list]
  const name = files[0]?.webkitRelativePath.split('/')[0]
  if (!name) return null
  const picked: PickedFolder = { name, files: [], skipped: [] }
  const left = new Set<string>()
  for (const file of files) {
    const parts = file.webkitRelativePath.split('/').slice(1)
    const at = parts.findIndex((part) => skipped.has(part))
    if (at >= 0) left.add(parts.slice(0, at + 1).join('/'))
    else picked.files.push(asUpload(parts.join('/'), file))
  }
  picked.skipped = [...left]
  return picked
}

// A browser doesn't tell the executable bit; scripts that tools run by name are the ones where it matters.
const runsByName = /(^|\/)(bin\/[^/.]+|gradlew|mvnw|[^/]+\.sh)$/

function asUpload(path: string, file: File): UploadFile {
  return { path, sizeBytes: file.size, executable: runsByName.test(path), content: () => file.stream() }
}
