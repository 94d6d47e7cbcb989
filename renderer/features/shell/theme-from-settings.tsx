import { useMantineColorScheme } from '@mantine/core'
import { useEffect } from 'react'
import { useResource } from '../../stores/resources.ts'

/** The theme is the desktop's setting, the same in every window. */
export function ThemeFromSettings() {
  const theme = useResource('settings.get', {}).data?.theme
  const { setColorScheme } = useMantineColorScheme()
  useEffect(() => {
    if (theme) setColorScheme(theme === 'system' ? 'auto' : theme)
  }, [theme, setColorScheme])
  return null
}
