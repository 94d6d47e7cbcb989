// What the boundary and size checks need to know of one source file, read from its syntax tree.
import path from 'node:path'
import { parseSync, Visitor } from 'vite'

type VisitorObject = ConstructorParameters<typeof Visitor>[0]

export interface SourceFile {
  file: string
  lines: number
  imports: Import[]
  functions: MeasuredFunction[]
  /** Uses of what the platform offers: `process.env`, `Math.random`, `ipcMain`, `shell: true`... with their lines. */
  uses: { name: string; line: number }[]
}

export interface Import {
  /** `node:fs`, `npm:zod`, or the path of one of our own files from the repository's root. */
  target: string
  line: number
  isTypeOnly: boolean
  /** By `import()`, when it is wanted. */
  isLater: boolean
}

export interface MeasuredFunction {
  name: string
  line: number
  lines: number
  parameters: number
}

// Only what is read of a syntax node; each kind has more.
interface Node {
  type: string
  start: number
  end: number
}
interface FunctionNode extends Node {
  body?: Node | null
  params: Node[]
}

const platformGlobals = new Set(['process', 'performance', 'fetch', 'setTimeout', 'setInterval', 'setImmediate'])
const rawIpc = new Set(['ipcMain', 'ipcRenderer', 'MessageChannelMain'])
const shellFunctions = new Set(['exec', 'execSync'])

export function readSourceFile(file: string, text: string): SourceFile {
  const { program, errors } = parseSync(file, text)
  if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors[0]?.message}`)
  const reader = new SourceReader(file, text)
  new Visitor(reader.visitors()).visit(program)
  return reader.finish()
}

/** Gathers while the tree is walked; a parent is seen before its children. */
class SourceReader {
  private readonly source: SourceFile
  private readonly lineOf: (offset: number) => number
  /** Where a function gets its name from: the variable, property or method that holds it, by the function's offset. */
  private readonly names = new Map<number, string>()
  /** Offsets of identifiers that are only names of properties: `dyno.process` is not the global. */
  private readonly propertyNames = new Set<number>()
  /** Names that the file itself gives to something else. */
  private readonly bound = new Set<string>()

  constructor(file: string, text: string) {
    this.source = { file, lines: countLines(text), imports: [], functions: [], uses: [] }
    this.lineOf = makeLineIndex(text)
  }

  finish(): SourceFile {
    const uses = this.source.uses.filter(({ name }) => !this.bound.has(name.split('.')[0] ?? ''))
    return { ...this.source, uses }
  }

  visitors(): VisitorObject {
    return { ...this.importVisitors(), ...this.platformVisitors(), ...this.functionVisitors() }
  }

  private importVisitors(): VisitorObject {
    return {
      ImportDeclaration: (node) => this.addImport(node, node.source.value, isTypeOnly(node)),
      ExportAllDeclaration: (node) => this.addImport(node, node.source.value, node.exportKind === 'type'),
      ExportNamedDeclaration: (node) => this.addImport(node, node.source?.value, node.exportKind === 'type'),
      ImportExpression: (node) => this.addImport(node, literal(node.source), false, true),
      TSImportType: (node) => this.addImport(node, node.source.value, true),
      CallExpression: ({ callee, arguments: [first], ...node }) => {
        if (first && callee.type === 'Identifier' && callee.name === 'require')
          this.addImport(node, literal(first), false)
      },
      ImportSpecifier: (node) => {
        const name = node.imported.type === 'Identifier' ? node.imported.name : node.imported.value
        if (name === 'env' || shellFunctions.has(name)) this.addUse(node, `imported ${name}`)
      },
    }
  }

  private platformVisitors(): VisitorObject {
    return {
      NewExpression: (node) => {
        const isDate = node.callee.type === 'Identifier' && node.callee.name === 'Date'
        if (isDate && node.arguments.length === 0) this.addUse(node, 'new Date()')
      },
      MemberExpression: (node) => {
        const { object, property, computed } = node
        if (!computed) this.propertyNames.add(property.start)
        const name = property.type === 'Identifier' ? property.name : literal(property)
        if (object.type === 'Identifier') this.addUse(node, `${object.name}.${name}`)
      },
      Property: (node) => {
        const isShell = node.key.type === 'Identifier' && node.key.name === 'shell'
        if (isShell && literal(node.value) === true) this.addUse(node, 'shell: true')
        if (!node.computed && !node.shorthand) this.nameProperty(node.key, node.value)
      },
      TSPropertySignature: (node) => this.nameProperty(node.key, null),
      TSMethodSignature: (node) => {
        this.nameProperty(node.key, null)
        this.skipParameters(node.params)
      },
      TSFunctionType: (node) => this.skipParameters(node.params),
      TSDeclareFunction: (node) => this.skipParameters(node.params),
      Identifier: (node) => {
        const isKnown = platformGlobals.has(node.name) || rawIpc.has(node.name)
        if (isKnown && !this.propertyNames.has(node.start)) this.addUse(node, node.name)
      },
    }
  }

  private functionVisitors(): VisitorObject {
    return {
      VariableDeclarator: ({ id, init, ...node }) => {
        const isProcess = init?.type === 'Identifier' && init.name === 'process'
        if (isProcess && id.type === 'ObjectPattern' && boundNames(id).includes('env')) this.addUse(node, 'process.env')
        for (const name of boundNames(id)) this.bound.add(name)
        if (init && id.type === 'Identifier') this.names.set(init.start, id.name)
      },
      MethodDefinition: (node) => this.nameProperty(node.key, node.value),
      PropertyDefinition: (node) => this.nameProperty(node.key, node.value),
      FunctionDeclaration: (node) => {
        if (node.id) this.names.set(node.start, node.id.name)
        this.addFunction(node)
      },
      FunctionExpression: (node) => this.addFunction(node),
      ArrowFunctionExpression: (node) => this.addFunction(node),
    }
  }

  private addImport(node: { start: number }, specifier: unknown, isTypeOnly: boolean, isLater = false): void {
    if (typeof specifier !== 'string') return
    const target = resolveImport(this.source.file, specifier)
    this.source.imports.push({ target, line: this.lineOf(node.start), isTypeOnly, isLater })
  }

  private addUse(node: { start: number }, name: string): void {
    this.source.uses.push({ name, line: this.lineOf(node.start) })
  }

  private addFunction(node: FunctionNode): void {
    for (const name of node.params.flatMap(boundNames)) this.bound.add(name)
    if (node.body?.type !== 'BlockStatement' && node.body?.type !== 'FunctionBody') return // One expression: no length to judge.
    const line = this.lineOf(node.start)
    const name = this.names.get(node.start) ?? ''
    const lines = this.lineOf(node.end) - line + 1
    this.source.functions.push({ name, line, lines, parameters: node.params.length })
  }

  /** A signature's parameter names are documentation. */
  private skipParameters(parameters: Node[]): void {
    for (const { start } of parameters) this.propertyNames.add(start)
  }

  private nameProperty(key: Node & { name?: unknown }, value: Node | null): void {
    this.propertyNames.add(key.start)
    if (value && typeof key.name === 'string') this.names.set(value.start, key.name)
  }
}

/** Names that a parameter or a declaration introduces, however it takes its value apart. */
function boundNames(pattern: object | null): string[] {
  if (pattern === null) return []
  const node = pattern as Record<'type' | 'name', string> & Record<string, object & object[]>
  if (node.type === 'Identifier') return [node.name]
  const parts = [
    node.left,
    node.argument,
    node.value,
    node.parameter,
    ...(node.elements ?? []),
    ...(node.properties ?? []),
  ]
  return parts.flatMap((part) => boundNames(part ?? null))
}

function isTypeOnly(node: { importKind?: string; specifiers: object[] }): boolean {
  if (node.importKind === 'type') return true
  return node.specifiers.length > 0 && node.specifiers.every((one) => 'importKind' in one && one.importKind === 'type')
}

function literal(node: { type: string; value?: unknown }): unknown {
  return node.type === 'Literal' ? node.value : undefined
}

function resolveImport(file: string, specifier: string): string {
  if (specifier.startsWith('.')) return path.posix.join(path.posix.dirname(file), specifier)
  if (specifier.startsWith('node:')) return specifier
  const name = specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1)
  return `npm:${name.join('/')}`
}

function makeLineIndex(text: string): (offset: number) => number {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (offset) => {
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return low + 1
  }
}

function countLines(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
}
