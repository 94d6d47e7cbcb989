// What the bundles for servers leave out or find elsewhere, because each process there has little memory to hold it.
import { readFile } from 'node:fs/promises'
import type { Plugin } from 'esbuild'

// A command's program is a file of its own beside the entry, not a part of it.
export const commandsBeside = (extension: string): Plugin => ({
  name: 'commands-beside',
  setup(builder) {
    builder.onResolve({ filter: /^\.\/run-[a-z-]+\.ts$/ }, ({ path: file, kind }) => {
      return kind === 'dynamic-import' ? { path: file.replace(/\.ts$/, extension), external: true } : null
    })
  },
})

// The npm package of the pseudoterminal looks for its native half in node_modules, which no server has: in the bundle
// it is the file beside it, `pty-<arch>.node` as built here or `pty.node` as installed on a server.
export const ptyBesideBundle: Plugin = {
  name: 'pty-beside-bundle',
  setup(builder) {
    builder.onLoad({ filter: /@lydell[\\/]node-pty[\\/]requireBinary\.js$/ }, () => ({
      loader: 'js',
      contents: `
        const { existsSync } = require('node:fs')
        const beside = (name) => new URL(name, import.meta.url).pathname
        const own = beside('./pty-' + process.arch + '.node')
        export const requireBinary = () => globalThis.require(existsSync(own) ? own : beside('./pty.node'))
      `,
    }))
  },
}

// Of the schema library's namespace `z` a bundler keeps everything, 570 kB of it; of the module it keeps what is used.
export const schemasByName: Plugin = {
  name: 'schemas-by-name',
  setup(builder) {
    builder.onLoad({ filter: /[\\/]agent[\\/].+\.ts$/ }, async ({ path: file }) => {
      const text = await readFile(file, 'utf8')
      return { loader: 'ts', contents: text.replace(/^import \{ z \} from 'zod'$/m, "import * as z from 'zod'") }
    })
  },
}

// `import 'node:http'` reads every property of that module, among them those that load a web socket client: 13 MB in each
// process, for nothing. Here each name is read by itself, and the bundler drops the names that nobody asked for.
export const lazyBuiltins: Plugin = {
  name: 'lazy-builtins',
  setup(builder) {
    builder.onResolve({ filter: /^node:/ }, ({ path: name, kind }) => {
      return kind === 'import-statement' ? { path: name, namespace: 'builtin' } : { external: true }
    })
    builder.onLoad({ filter: /^/, namespace: 'builtin' }, ({ path: name }) => {
      const names = Object.getOwnPropertyNames(process.getBuiltinModule(name)).filter((own) => own !== 'default')
      const exported = names.map((own, at) => {
        return `const name${at} = /* @__PURE__ */ (() => builtin[${JSON.stringify(own)}])()\nexport { name${at} as ${own} }`
      })
      const builtin = `const builtin = /* @__PURE__ */ process.getBuiltinModule(${JSON.stringify(name)})`
      return { loader: 'js', contents: [builtin, 'export default builtin', ...exported].join('\n') }
    })
  },
}

// To ask D-Bus what interfaces there are takes an XML library, a seventh of the agent; we know what we call.
export const noIntrospection: Plugin = {
  name: 'no-introspection',
  setup(builder) {
    builder.onResolve({ filter: /^xml2js$/ }, ({ path: name }) => ({ path: name, namespace: 'no-introspection' }))
    builder.onLoad({ filter: /^/, namespace: 'no-introspection' }, () => ({
      loader: 'js',
      contents: `
        export class Builder {
          buildObject() { throw new Error('The agent answers no introspection.') }
        }
        export class Parser {
          parseString() { throw new Error('The agent was built without introspection: call by name.') }
        }
      `,
    }))
  },
}
