import { Button, type ButtonProps } from '@mantine/core'
import { IconFolderOpen } from '@tabler/icons-react'
import { useRef } from 'react'
import { native } from '../../api.ts'
import { readPickedFolder } from '../../lib/files/folder-entries.ts'
import { bridge } from '../../stores/bridge.ts'
import { type DroppedFolder, folderAt } from '../../stores/dropped-folder.ts'

interface ChooseFolderProps extends ButtonProps {
  onChoose: (folder: DroppedFolder) => void
}

/** The native folder dialog in Electron; a browser tab has its own, which hands over the files themselves. */
export function ChooseFolder({ onChoose, ...button }: ChooseFolderProps) {
  const input = useRef<HTMLInputElement>(null)
  const choose = async () => {
    if (!native()) return input.current?.click()
    const chosen = await bridge().call('dialogs.chooseFolder', {})
    if (chosen) onChoose(folderAt(chosen.path))
  }
  const receive = (files: FileList | null) => {
    const picked = files && readPickedFolder(files)
    if (picked) onChoose({ kind: 'files', name: picked.name, picked: Promise.resolve(picked) })
    if (input.current) input.current.value = ''
  }
  return (
    <>
      <Button leftSection={<IconFolderOpen size={15} />} {...button} onClick={() => void choose()}>
        Choose folder
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        aria-label="Folder to deploy"
        {...{ webkitdirectory: '' }}
        onChange={(event) => receive(event.currentTarget.files)}
      />
    </>
  )
}
