import { expect, it } from 'vitest'
import { countUnfinished, toHarmlessText, toPlainLine } from '../../../agent/core/logs/plain-text.ts'

it.each([
  ['plain\ttext\r\nand more', 'plain\ttext\r\nand more'],
  ['\u001b[1;31mred\u001b[0m', '\u001b[1;31mred\u001b[0m'],
  // Clears the screen, goes up, names the window, fills the clipboard, resets the terminal.
  ['\u001b[2J\u001b[1Aup', 'up'],
  ['\u001b]0;title\u0007x', ']0;titlex'],
  ['\u001b]52;c;ZXZpbA==\u001b\\x', ']52;c;ZXZpbA==\\x'],
  ['\u001bcx\u009b2Jy\u0000z', 'cx2Jyz'],
  ['50%\b\b\b60%', '50%\b\b\b60%'],
])('of what a program prints %j a terminal is given %j', (text, expected) => {
  expect(toHarmlessText(text)).toBe(expected)
})

it('a sequence that is cut between two pieces is waited for, and nothing else is', () => {
  expect(['x\u001b', 'x\u001b[', 'x\u001b[1;3', 'x\u001b[31m', 'x'].map(countUnfinished)).toEqual([1, 2, 5, 0, 0])
  expect(countUnfinished(`\u001b[${'1'.repeat(100)}`)).toBe(0)
})

it('a message has no colours, no line ends, and no text that runs backwards', () => {
  expect(toPlainLine('\u001b[31m a\u202eb\nc\u001b]0;d\u0007 ', 100)).toBe(' ab c]0;d')
  expect(toPlainLine('x'.repeat(300), 200)).toHaveLength(200)
})
