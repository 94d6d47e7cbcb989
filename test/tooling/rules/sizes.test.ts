import { expect, test } from 'vitest'
import { reportSizes } from './sizes.ts'
import { readSourceFile } from './source-file.ts'

const functionOf = (lines: number, name = 'f') => `function ${name}() {\n${'  go()\n'.repeat(lines - 2)}}\n`
const figure = (files: [string, string][], name: string) =>
  reportSizes(files.map(([file, text]) => readSourceFile(file, text))).figures.find((one) => one.name === name)

test('a file over 400 lines is a fault and is named', () => {
  const found = figure([['agent/long.ts', 'go()\n'.repeat(401)]], 'files over 400 lines')
  expect(found).toMatchObject({ isKept: false, value: '1 of 1: agent/long.ts (401)' })
  expect(figure([['agent/long.ts', 'go()\n'.repeat(400)]], 'files over 400 lines')?.isKept).toBe(true)
})

test('a test file may have 600 lines, and its callbacks are not measured', () => {
  const text = `test('all', () => {\n${'  go()\n'.repeat(500)}})\n`
  expect(figure([['test/all.test.ts', text]], 'files over 400 lines')?.value).toBe('0 of 0')
  expect(figure([['test/all.test.ts', text]], 'functions over 50 lines')?.value).toBe('0.0 %')
  expect(figure([['test/all.test.ts', 'go()\n'.repeat(601)]], 'test files over 600 lines')?.isKept).toBe(false)
})

test('four functions in five must have at most 20 lines', () => {
  const short = functionOf(20).repeat(4)
  expect(figure([['a.ts', short + functionOf(21)]], 'functions of at most 20 lines')).toMatchObject({
    value: '80.0 %',
    isKept: true,
  })
  expect(figure([['a.ts', short + functionOf(21).repeat(2)]], 'functions of at most 20 lines')?.isKept).toBe(false)
})

test('more than 3 % of functions over 50 lines is a fault', () => {
  const short = functionOf(3).repeat(97)
  expect(figure([['a.ts', short + functionOf(51).repeat(3)]], 'functions over 50 lines')?.isKept).toBe(true)
  expect(figure([['a.ts', short + functionOf(51).repeat(4)]], 'functions over 50 lines')?.isKept).toBe(false)
})

test('methods and arrow functions are measured under their names, expressions are not', () => {
  const text = 'class A {\n  open() {\n    go()\n  }\n}\nconst f = () => {\n  go()\n}\nconst g = () => go()\n'
  expect(readSourceFile('a.ts', text).functions).toEqual([
    { name: 'open', line: 2, lines: 3, parameters: 0 },
    { name: 'f', line: 6, lines: 3, parameters: 0 },
  ])
})

test('a component may be longer than a function before it is listed', () => {
  const text = functionOf(90, 'Pane') + functionOf(61, 'go')
  const { lookAgain } = reportSizes([readSourceFile('renderer/pane.tsx', text)])
  expect(lookAgain).toEqual(['renderer/pane.tsx:91 go: 61 lines, stop is 60'])
})

test('more than 30 files directly in a folder are a fault, and the folder is named', () => {
  const folder = (length: number): [string, string][] => Array.from({ length }, (_, at) => [`agent/api/${at}.ts`, ''])
  expect(figure([...folder(30), ['agent/api/tls/a.ts', '']], 'folders over 30 files')).toMatchObject({
    value: '0 of 2',
    isKept: true,
  })
  expect(figure(folder(31), 'folders over 30 files')).toMatchObject({
    value: '1 of 1: agent/api (31 files)',
    isKept: false,
  })
})

test('a folder with more than 20 files and a function with more than five parameters are listed', () => {
  const folder = Array.from({ length: 21 }, (_, at) => readSourceFile(`agent/api/${at}.ts`, ''))
  const wide = readSourceFile('agent/main.ts', 'function f(a: 1, b: 1, c: 1, d: 1, e: 1, f: 1) {}\n')
  expect(reportSizes([...folder, wide]).lookAgain).toEqual(['agent/main.ts:1 f: 6 parameters', 'agent/api (21 files)'])
})
