import { notifications } from '@mantine/notifications'
import { useEffect } from 'react'
import { useBridge } from '../../stores/bridge.ts'

/** A core that crashed is back by the time anybody can be told: says what happened, and that nothing was lost by it. */
export function CoreNotice() {
  const again = useBridge((now) => (now.state === 'open' && now.generation > 1 ? now.bridge : null))
  useEffect(() => {
    void again?.call('desktop.about', {}).then(
      ({ previousEnd }) => previousEnd && announce(previousEnd),
      // The bridge broke again; the next one is asked anew.
      () => undefined,
    )
  }, [again])
  return null
}

function announce(previousEnd: string): void {
  notifications.show({
    id: 'core-restarted',
    color: 'yellow',
    title: "Hearth's core crashed and was started again",
    message: `It ended with ${previousEnd}. Servers and apps went on without it; deploys that ran are found again.`,
    autoClose: false,
    closeButtonProps: { 'aria-label': 'Dismiss' },
  })
}
