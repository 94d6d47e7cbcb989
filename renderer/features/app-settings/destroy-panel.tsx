import { Button } from '@mantine/core'
import type { AppSummary } from '../../../electron/bridge/contract.ts'
import { appCommands } from '../../commands/places/app-commands.ts'
import { useCommand } from '../../commands/use-command.ts'
import { Guarded } from '../../components/actions/guarded.tsx'
import { Panel } from '../../components/page/panel.tsx'
import { SettingRow } from '../../components/page/setting-row.tsx'

/** The one thing here that can't be undone takes the name, typed. */
export function DestroyPanel({ summary }: { summary: AppSummary }) {
  const destroy = useCommand(appCommands.destroy, { summary })
  return (
    <Panel title="Destroy" isFlush>
      <SettingRow
        title="Destroy this app"
        hint="Its dynos stop, its slugs, config vars and domains are removed from the server. The ledger keeps its history."
      >
        <Guarded obstacle={destroy.obstacle}>
          <Button variant="outline" color="red" disabled={destroy.obstacle !== null} onClick={destroy.start}>
            {destroy.label}
          </Button>
        </Guarded>
      </SettingRow>
    </Panel>
  )
}
