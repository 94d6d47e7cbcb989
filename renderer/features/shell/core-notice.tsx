import { notifications } from '@mantine/notifications'
import { useEffect } from 'react'
import { noticeWords } from '../../commands/notices/notice-words.ts'
import { useBridge } from '../../stores/bridge.ts'
import { coreWords } from './words.ts'

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
    title: coreWords.crashed,
    message: coreWords.crashedHow(previousEnd),
    autoClose: false,
    closeButtonProps: { 'aria-label': noticeWords.dismiss },
  })
}
