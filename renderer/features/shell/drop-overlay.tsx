import { notifications } from '@mantine/notifications'
import { IconPackageImport } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { native } from '../../api.ts'
import { readDroppedFolder } from '../../lib/files/folder-entries.ts'
import { type DroppedFolder, setDropped } from '../../stores/dropped-folder.ts'
import { go, useRoute } from '../../stores/route.ts'
import styles from './shell.module.css'
import { frameWords } from './words.ts'

/** A folder may be dropped anywhere on the window: on an app's screens it is for that app, elsewhere for a new one. */
export function DropOverlay() {
  const route = useRoute()
  const isOver = useFolderDrop((dropped) => {
    setDropped(dropped)
    const now = useRoute.getState()
    go(now.screen === 'app' ? { ...now, tab: 'deploy' } : { screen: 'new-app' })
  })
  if (!isOver) return null
  return (
    <div className={styles.drop}>
      <div className={styles.dropText}>
        <IconPackageImport size={40} stroke={1.4} color="var(--h-accent)" aria-hidden="true" />
        {route.screen === 'app' ? frameWords.dropFor(route.app) : frameWords.dropNew}
        <span>{frameWords.dropHint}</span>
      </div>
    </div>
  )
}

function useFolderDrop(onDrop: (dropped: DroppedFolder) => void): boolean {
  const [isOver, setOver] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the listeners read the route when they run
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return
      event.preventDefault()
      event.dataTransfer.dropEffect = 'copy'
      setOver(true)
    }
    const leave = (event: DragEvent) => {
      if (!event.relatedTarget) setOver(false)
    }
    const drop = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return
      event.preventDefault()
      setOver(false)
      const dropped = takeDropped(event.dataTransfer)
      if (dropped) onDrop(dropped)
      else
        notifications.show({
          color: 'red',
          title: frameWords.noFolder,
          message: frameWords.noFolderHint,
        })
    }
    const listeners = { dragenter: over, dragover: over, dragleave: leave, drop } as const
    for (const [name, listener] of Object.entries(listeners)) window.addEventListener(name, listener as EventListener)
    return () => {
      for (const [name, listener] of Object.entries(listeners))
        window.removeEventListener(name, listener as EventListener)
    }
  }, [])
  return isOver
}

function takeDropped(transfer: DataTransfer): DroppedFolder | null {
  const entry = [...transfer.items].map((item) => item.webkitGetAsEntry()).find((item) => item?.isDirectory)
  if (!entry) return null
  const file = transfer.files[0]
  const door = native()
  if (door && file) return { kind: 'folder', name: entry.name, folder: { kind: 'path', path: door.pathForFile(file) } }
  const picked = readDroppedFolder(transfer.items)
  return picked && { kind: 'files', name: entry.name, picked }
}
