import { expect, test, vi } from 'vitest'
import { formatStep, runProgram, runStep, runSteps, type Step } from './step.ts'

const signal = new AbortController().signal
const step = (name: string, isPassed: boolean): Step => ({
  name,
  run: async () => ({ isPassed, summary: 'three files', details: `details of ${name}` }),
})

test('a step that breaks has failed, with the reason', async () => {
  const run = () => Promise.reject(new Error('no such folder'))
  expect(await runStep({ name: 'sizes', run }, signal)).toMatchObject({
    isPassed: false,
    details: expect.stringContaining('no such folder'),
  })
})

test('details are printed for failed steps only', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  await runSteps([step('good', true), step('bad', false)], signal)
  const printed = log.mock.calls.flat().join('\n')
  log.mockRestore()
  expect(printed).toContain('details of bad')
  expect(printed).not.toContain('details of good')
})

test('one line tells how a step went, how long it took and what it found', () => {
  const line = formatStep({ name: 'types', isPassed: true, summary: 'three files', details: '', seconds: 1.26 })
  expect(line).toBe('ok     types                 1.3 s  three files')
})

test('a program gives its status and everything it wrote', async () => {
  const code = 'console.log("out"); console.error("err"); process.exit(3)'
  const { status, output } = await runProgram(process.execPath, ['-e', code], signal)
  expect(status).toBe(3)
  expect(output.split('\n').sort()).toEqual(['', 'err', 'out'])
})

test('a program is ended when the time is over', async () => {
  const { status } = await runProgram(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], AbortSignal.timeout(50))
  expect(status).toBe(null)
})

test('a program that cannot be started is an error', async () => {
  await expect(runProgram('/nonexistent/program', [], signal)).rejects.toThrow('ENOENT')
})
