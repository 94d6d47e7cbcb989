// The size figures of the repository and the limits that they must keep.
import path from 'node:path'
import type { MeasuredFunction, SourceFile } from './source-file.ts'

export interface SizeReport {
  figures: { name: string; value: string; limit: string; isKept: boolean }[]
  /** What should be split next: not a failure, the list is there to be read. */
  lookAgain: string[]
}

const fileStop = 400
const testFileStop = 600
const folderStop = 30

export function reportSizes(sources: SourceFile[]): SizeReport {
  const files = sources.filter(({ file }) => !isTest(file))
  const tests = sources.filter(({ file }) => isTest(file))
  // A test's callbacks are as long as what they tell; functions are judged where the product and its tools are.
  const functions = files.flatMap((source) => source.functions)
  const long = files.filter(({ lines }) => lines > fileStop)
  const longTests = tests.filter(({ lines }) => lines > testFileStop)
  const folders = [...Map.groupBy(sources, ({ file }) => path.posix.dirname(file))]
  const full = folders.filter(([, inside]) => inside.length > folderStop)
  const short = share(functions, ({ lines }) => lines <= 20)
  const over50 = share(functions, ({ lines }) => lines > 50)
  return {
    figures: [
      count(`files over ${fileStop} lines`, long.map(sayLines), files.length),
      count(`test files over ${testFileStop} lines`, longTests.map(sayLines), tests.length),
      count(`folders over ${folderStop} files`, full.map(sayFiles), folders.length),
      { name: 'functions of at most 20 lines', value: percent(short), limit: '>= 80 %', isKept: short >= 0.8 },
      { name: 'functions over 50 lines', value: percent(over50), limit: '<= 3 %', isKept: over50 <= 0.03 },
    ],
    lookAgain: [
      ...files.flatMap((source) => [...listLongParts(source)]),
      ...folders.filter(([, inside]) => inside.length > 20).map(sayFiles),
    ],
  }
}

function isTest(file: string): boolean {
  return /\.test\.tsx?$/.test(file)
}

const sayLines = ({ file, lines }: SourceFile) => `${file} (${lines})`

const sayFiles = ([folder, inside]: [string, SourceFile[]]) => `${folder} (${inside.length} files)`

function count(name: string, found: string[], total: number) {
  const value = found.length === 0 ? `0 of ${total}` : `${found.length} of ${total}: ${found.join(', ')}`
  return { name, value, limit: '0 %', isKept: found.length === 0 }
}

function* listLongParts({ file, lines, functions }: SourceFile): Generator<string> {
  if (lines > 250) yield `${file}: ${lines} lines`
  for (const one of functions) {
    const stop = isComponent(file, one) ? 100 : 60
    if (one.lines > stop) yield `${file}:${one.line} ${one.name || 'function'}: ${one.lines} lines, stop is ${stop}`
    if (one.parameters > 5) yield `${file}:${one.line} ${one.name || 'function'}: ${one.parameters} parameters`
  }
}

function isComponent(file: string, { name }: MeasuredFunction): boolean {
  return file.endsWith('.tsx') && /^[A-Z]/.test(name)
}

/** With nothing to measure every limit is kept, so the share of what is wanted counts as whole. */
function share(functions: MeasuredFunction[], isCounted: (one: MeasuredFunction) => boolean): number {
  if (functions.length === 0) return isCounted({ name: '', line: 1, lines: 1, parameters: 0 }) ? 1 : 0
  return functions.filter(isCounted).length / functions.length
}

function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`
}
