import { MantineProvider } from '@mantine/core'
import { ModalsProvider } from '@mantine/modals'
import { Notifications } from '@mantine/notifications'
import { useEffect } from 'react'
import { StartScreen } from './features/shell/lost-notice.tsx'
import { Shell } from './features/shell/shell.tsx'
import { ThemeFromSettings } from './features/shell/theme-from-settings.tsx'
import { keepFocus } from './lib/keep-focus.ts'
import { theme } from './lib/theme.ts'
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
