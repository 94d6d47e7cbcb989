import { Button } from '@mantine/core'
import { IconPackageImport } from '@tabler/icons-react'
import { ChooseFolder } from '../../components/actions/choose-folder.tsx'
import { setDropped } from '../../stores/dropped-folder.ts'
import { useResource } from '../../stores/resources.ts'
import styles from './deploy.module.css'

export function DropZone({ title, withSamples = false }: { title: string; withSamples?: boolean }) {
  const samples = useResource('desktop.about', {}).data?.samples ?? []
  return (
    <div className={styles.zone}>
      <IconPackageImport size={30} stroke={1.4} aria-hidden="true" />
      <div>
        <h2>{title}</h2>
        <p>You see what will be sent before anything leaves this computer.</p>
        {withSamples && samples.length > 0 && (
          <p className={styles.samples}>
            Nothing at hand? Take a sample:
            {samples.map(({ name, title: sample }) => (
              <Button
                key={name}
                variant="default"
                size="compact-xs"
                aria-label={`Use ${sample}`}
                onClick={() => setDropped({ kind: 'folder', name, folder: { kind: 'sample', name } })}
              >
                {sample}
              </Button>
            ))}
          </p>
        )}
      </div>
      <ChooseFolder onChoose={setDropped} />
    </div>
  )
}
