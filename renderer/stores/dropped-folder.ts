import { create } from 'zustand'
import type { Folder } from '../../electron/bridge/contract.ts'
import type { PickedFolder } from '../lib/files/folder-entries.ts'

/** What a user wants to deploy, before it is anywhere: files in a browser tab, or already a folder of the bridge. */
export type DroppedFolder =
  | { kind: 'files'; name: string; picked: Promise<PickedFolder> }
  | {
      kind: 'folder'
      name: string
      folder: Folder
      /** What of it will be sent, where that is not the folder as it lies there: a branch at a commit. */
      hint?: string
      /** Goes on from the preview by itself, to this server as soon as it answers: a sample was asked for. */
      deployTo?: string
    }

/** A folder of this computer by its path. */
export const folderAt = (path: string): DroppedFolder => ({
  kind: 'folder',
  name: path.split(/[\\/]/).filter(Boolean).at(-1) ?? path,
  folder: { kind: 'path', path },
})

/** Each drop is a new value, so that the deploy screen starts over with it. */
export const useDroppedFolder = create<{
  dropped: DroppedFolder | null
  /** The server whose “deploy a new app” was pressed last. */
  preferredServer: string | null
}>(() => ({ dropped: null, preferredServer: null }))

export const preferServer = (serverId: string): void => useDroppedFolder.setState({ preferredServer: serverId })

export const setDropped = (dropped: DroppedFolder | null): void => useDroppedFolder.setState({ dropped })
