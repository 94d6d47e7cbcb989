import { IconFileText, IconPlayerStop, IconRefresh, IconTerminal2 } from '@tabler/icons-react'
import { targetOf } from '../../lib/apps/target.ts'
import { bridge } from '../../stores/bridge.ts'
import { logFocusKey, setLogFocus } from '../../stores/log-focus.ts'
import { go } from '../../stores/route.ts'
import { openTerminalTab } from '../../stores/terminals.ts'
import { define } from '../command.ts'
import { obstacleWords } from '../notices/notice-words.ts'
import type { Subjects } from '../subject.ts'

const isOneOff = ({ dyno }: Subjects['dyno']) => dyno.type === 'run'

export const dynoCommands = define('dyno', {
  logs: {
    icon: IconFileText,
    run({ summary, dyno }) {
      const target = targetOf(summary)
      setLogFocus(logFocusKey(target), dyno.name)
      go({ screen: 'app', ...target, tab: 'logs' })
    },
  },
  terminal: {
    icon: IconTerminal2,
    needs: 'operate',
    obstacle: ({ dyno }) => (dyno.state === 'up' ? null : obstacleWords.notUp(dyno.name)),
    async run({ summary, dyno }) {
      const target = targetOf(summary)
      await openTerminalTab({ kind: 'dyno', target, command: 'bash', size: null, inside: dyno.name })
      go({ screen: 'app', ...target, tab: 'terminal' })
    },
  },
  restart: {
    icon: IconRefresh,
    needs: 'operate',
    isShown: (subject) => !isOneOff(subject),
    run: ({ summary, dyno }) => bridge().call('dynos.restart', { ...targetOf(summary), dyno: dyno.name }),
  },
  stop: {
    icon: IconPlayerStop,
    needs: 'operate',
    isShown: isOneOff,
    run: ({ summary, dyno }) => bridge().call('dynos.stop', { ...targetOf(summary), dyno: dyno.name }),
  },
})
