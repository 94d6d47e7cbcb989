import {
  IconArrowLeft,
  IconArrowRight,
  IconColumns2,
  IconDownload,
  IconEraser,
  IconFileText,
  IconPlayerPause,
  IconTerminal2,
  IconTextDecrease,
  IconTextIncrease,
  IconTextSize,
  IconX,
} from '@tabler/icons-react'
import { mostPanes } from '../../lib/panes/pane-layout.ts'
import { actsOf } from '../../stores/panes.ts'
import { leastTextSize, mostTextSize, peekTextSize, setTextSize, usualTextSize } from '../../stores/text-size.ts'
import { define } from '../command.ts'
import { obstacleWords } from '../notices/notice-words.ts'
import type { Subjects } from '../subject.ts'

const noRoom = ({ row }: Subjects['pane']) => (row.panes.length < mostPanes ? null : obstacleWords.noRoom(mostPanes))
const isOneOfMany = ({ row }: Subjects['pane']) => row.panes.length > 1

/** Their keys are none that programs in terminals are used with: those of a letter have Shift with Ctrl, or Cmd on a Mac. */
export const paneCommands = define('pane', {
  split: {
    icon: IconColumns2,
    shortcut: 'mod+shift+e',
    obstacle: noRoom,
    run: ({ row, pane }) => row.split(pane, pane.kind),
  },
  'log-beside': { icon: IconFileText, obstacle: noRoom, run: ({ row, pane }) => row.split(pane, 'log') },
  'terminal-beside': { icon: IconTerminal2, obstacle: noRoom, run: ({ row, pane }) => row.split(pane, 'terminal') },
  left: {
    icon: IconArrowLeft,
    shortcut: 'alt+shift+ArrowLeft',
    isShown: isOneOfMany,
    run: ({ row, pane }) => row.leave(pane, -1),
  },
  right: {
    icon: IconArrowRight,
    shortcut: 'alt+shift+ArrowRight',
    isShown: isOneOfMany,
    run: ({ row, pane }) => row.leave(pane, 1),
  },
  pause: {
    icon: IconPlayerPause,
    isShown: ({ pane }) => actsOf(pane).pause !== undefined,
    run: ({ pane }) => actsOf(pane).pause?.toggle(),
  },
  save: {
    icon: IconDownload,
    isShown: ({ pane }) => actsOf(pane).save !== undefined,
    run: ({ pane }) => actsOf(pane).save?.(),
  },
  clear: {
    icon: IconEraser,
    isShown: ({ pane }) => actsOf(pane).clear !== undefined,
    run: ({ pane }) => actsOf(pane).clear?.(),
  },
  larger: {
    icon: IconTextIncrease,
    shortcut: 'mod++',
    obstacle: () => (peekTextSize() < mostTextSize ? null : obstacleWords.largest),
    run: () => setTextSize(peekTextSize() + 1),
  },
  smaller: {
    icon: IconTextDecrease,
    shortcut: 'mod+-',
    obstacle: () => (peekTextSize() > leastTextSize ? null : obstacleWords.smallest),
    run: () => setTextSize(peekTextSize() - 1),
  },
  'usual-size': { icon: IconTextSize, shortcut: 'mod+0', run: () => setTextSize(usualTextSize) },
  close: {
    icon: IconX,
    shortcut: 'mod+shift+x',
    obstacle: (subject) => (isOneOfMany(subject) ? null : obstacleWords.onlyPane),
    run: ({ row, pane }) => row.close(pane),
  },
})
