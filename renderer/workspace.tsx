import { MantineProvider } from '@mantine/core'
import { ModalsProvider } from '@mantine/modals'
import { Notifications } from '@mantine/notifications'
import { useEffect } from 'react'
import { loadPlot } from './components/chart/time-chart.tsx'
import { StartScreen } from './features/shell/lost-notice.tsx'
import { Shell } from './features/shell/shell.tsx'
import { ThemeFromSettings } from './features/shell/theme-from-settings.tsx'
import { keepFocus } from './lib/keep-focus.ts'
import { loadTerminal } from './lib/terminal/load-terminal.ts'
import { theme } from './lib/theme.ts'
import { whenIdle } from './lib/when-idle.ts'
import { Screen } from './screen.tsx'
import { useBridge } from './stores/bridge.ts'
import { followChanges } from './stores/changes.ts'
import { followAddress } from './stores/route.ts'

export function Workspace() {
  useEffect(followAddress, [])
  useEffect(() => keepFocus(document), [])
  const openBridge = useBridge((now) => (now.state === 'open' ? now.bridge : null))
  useEffect(() => {
    // A broken stream is the broken bridge, which is told elsewhere; the next bridge is followed anew.
    if (openBridge) followChanges(openBridge).catch(() => undefined)
  }, [openBridge])
  const wasOpen = useBridge((now) => now.state === 'open' || (now.state === 'lost' && now.generation > 0))
  useEffect(() => (wasOpen ? whenIdle(() => void Promise.all([loadTerminal(), loadPlot()])) : undefined), [wasOpen])
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <ModalsProvider>
        <Notifications position="bottom-right" limit={4} />
        {wasOpen ? (
          <>
            <ThemeFromSettings />
            <Shell>
              <Screen />
            </Shell>
          </>
        ) : (
          <StartScreen />
        )}
      </ModalsProvider>
    </MantineProvider>
  )
}
