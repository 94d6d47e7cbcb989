import { describe, expect, test } from 'vitest'
import { closest, editDistance } from '../../../electron/cli/closest.ts'
import type { Command } from '../../../electron/cli/command.ts'
import { describeSettings, readScale, readSleep } from '../../../electron/cli/dynos/dynos.ts'
import { groups } from '../../../electron/cli/groups.ts'
import { renderCommandHelp, renderHelp } from '../../../electron/cli/help.ts'
import { parseCommandLine } from '../../../electron/cli/parse.ts'

const commands: readonly Command[] = groups.flatMap((group) => group.commands)
const parse = (line: string) => parseCommandLine(commands, line.split(' '))

describe('a command line', () => {
  test('names its command by one word or two, or as Heroku does', () => {
    expect(parse('config').command.name).toBe('config')
    expect(parse('config set A=1').command.name).toBe('config set')
    expect(parse('config:set A=1').words).toEqual(['A=1'])
    expect(parse('ledger verify').command.name).toBe('ledger verify')
  })

  test('takes options anywhere after the command', () => {
    const { words, values } = parse('deploy ./shop --app shop -s box --json')
    expect(words).toEqual(['./shop'])
    expect([values.text('app'), values.text('server'), values.has('json')]).toEqual(['shop', 'box', true])
  })

  test('leaves the command of a dyno alone, whatever its options are called', () => {
    const { words, values } = parse('run --app shop node --app x -e y')
    expect(words).toEqual(['node', '--app', 'x', '-e', 'y'])
    expect(values.text('app')).toBe('shop')
    expect(parse('run -a shop -- --version').words).toEqual(['--version'])
    expect(parse('run ls --help').values.has('help')).toBe(false)
  })

  test.each([
    ['deplyo', 'There is no command deplyo. Did you mean deploy? See: hearth help'],
    ['config:sett A=1', 'There is no command config:sett. Did you mean config set? See: hearth help'],
    ['frobnicate', 'There is no command frobnicate. See: hearth help'],
    ['logs --tial', 'There is no option --tial here. Did you mean --tail? See: hearth logs --help'],
    ['destroy', 'Something is missing. Usage: hearth destroy NAME --confirm NAME'],
    ['releases v3', '"v3" is too much here. Usage: hearth releases'],
  ])('%s is refused with what to do', (line, message) => {
    expect(() => parse(line)).toThrow(message)
  })

  test('an option without its value is refused', () => {
    expect(() => parse('logs --app')).toThrow(/--app <value>' argument missing\. See: hearth logs --help$/)
  })
})

test('the help lists every command, and each has its own', () => {
  const help = renderHelp(groups)
  for (const command of commands) {
    expect(help).toContain(`  ${command.name}`)
    expect(renderCommandHelp(command)).toContain('--json')
  }
  expect(help.split('\n').filter((line) => line.length > 140)).toEqual([])
})

test('no two commands have the same name, and no option hides --json or --help', () => {
  expect(new Set(commands.map(({ name }) => name)).size).toBe(commands.length)
  expect(commands.filter(({ options = {} }) => 'json' in options || 'help' in options)).toEqual([])
})

test('what was meant is found by letters that are wrong, missing, too many or swapped', () => {
  expect(editDistance('deplyo', 'deploy')).toBe(1)
  expect(closest('relases', ['releases', 'restart'])).toBe('releases')
  expect(closest('rel', ['releases', 'restart'])).toBe('releases')
  expect(closest('xyz', ['releases', 'restart'])).toBeNull()
})

test('a scale says a type with a quantity, a size or both', () => {
  expect(readScale('web=3:large')).toEqual({ type: 'web', quantity: '3', size: 'large' })
  expect(readScale('worker=+1')).toEqual({ type: 'worker', quantity: '+1' })
  expect(readScale('web=:small')).toEqual({ type: 'web', size: 'small' })
  for (const text of ['web', 'web=', '=3', 'web=many', 'web=3:']) expect(() => readScale(text)).toThrow(/hearth scale/)
})

describe('how long an app may go without a request', () => {
  test.each([
    ['30', 1800],
    ['0.1', 6],
    ['off', null],
  ])('%s', (text, seconds) => {
    expect(readSleep(text)).toEqual({ sleep_after_seconds: seconds })
  })

  test.each(['on', '-1', '0', '1h'])('is not %s', (text) => {
    expect(() => readSleep(text)).toThrow(`--sleep is off or a number of minutes, not ${text}.`)
  })

  test('is told in minutes', () => {
    expect(describeSettings('shop', { preboot: false, sleep_after_seconds: 90, podman: false })).toBe(
      'When dynos of shop are replaced, old ones stop before new ones start.\nshop sleeps after 1.5 minutes without a request.\n',
    )
    expect(describeSettings('shop', { preboot: true, sleep_after_seconds: null, podman: true })).toContain(
      'shop never sleeps.\nIts dynos run in containers of podman.\n',
    )
  })
})
