// The boundaries of the code base as a table: who may import whom, and where the platform's sharp edges may be touched.
// Each rule has a sample that breaks it in boundaries.test.ts.
import type { Import, SourceFile } from './source-file.ts'

export interface BoundaryRule {
  id: string
  /** Files that the rule is about. */
  files: RegExp
  except?: RegExp
  /** Own files that may be imported; anything else of ours may not. Without it, own files are not this rule's business. */
  own?: RegExp
  /** Anything that must not be imported: own paths, `node:` and `npm:` names. */
  imports?: RegExp
  /** npm packages that may be imported; others may not. */
  packages?: RegExp
  /** What must not be used. */
  uses?: RegExp
  /** Files that may import types of Node's own modules all the same. */
  allowsNodeTypes?: RegExp
  /** Types, and what is loaded when it is wanted, may be imported all the same. */
  allowsLater?: boolean
}

export interface BoundaryBreak {
  rule: string
  file: string
  line: number
  what: string
}

const product = /^(agent|electron|renderer|buildpacks)\//
// Every folder of agent/ that is not one of the layers is a technology.
const technology = /^agent\/(?!contract\/|core\/|operations\/|api\/|exec\/)[^/]+\//
const adapter = /^electron\/(?!core\/|bridge\/|cli\/|shell\/|browser-shell\/|core-process\/|page\/|exec\/)[^/]+\//
const inputOutput = /^node:(fs|net|http|https|http2|tls|dgram|dns|child_process|sqlite|worker_threads|cluster)(\/|$)/
const contracts = 'agent/contract/'
const bridgeContract = 'electron/bridge/contract(\\.ts$|-[^/]+$|/)'

export const boundaryRules: BoundaryRule[] = [
  {
    id: 'contract is only schemas',
    files: /^agent\/contract\//,
    own: /^agent\/contract\//,
    imports: /^node:/,
    packages: /^npm:zod$/,
  },
  {
    id: 'core is pure',
    files: /^agent\/core\//,
    own: /^agent\/(core|contract)\//,
    imports: /^node:/,
    packages: /^npm:(zod|ignore)$/,
    uses: /^(process|performance|fetch|setTimeout|setInterval|setImmediate|new Date\(\)|Date\.now|Math\.random|crypto\.\w+)$/,
    // A port may name what an adapter hands over (a stream, say): types are gone when the program runs.
    allowsNodeTypes: /^agent\/core\/ports\//,
  },
  {
    id: 'operations reach the world through ports',
    files: /^agent\/operations\//,
    own: /^agent\/(operations|core|contract)\//,
    imports: inputOutput,
  },
  { id: 'exec knows no technology', files: /^agent\/exec\//, own: /^agent\/(exec|core|contract)\// },
  { id: 'api is mapping', files: /^agent\/api\//, own: /^agent\/(api|operations|core|contract)\// },
  { id: 'agent knows no desktop', files: /^agent\//, imports: /^((electron|renderer)\/|npm:electron$)/ },
  {
    id: 'desktop core is not tied to technology',
    files: /^electron\/core\//,
    own: /^(electron\/core|agent\/contract)\//,
    imports: /^npm:(electron|ssh2|better-sqlite3|ws)$/,
  },
  {
    id: 'desktop knows only the contract of the agent',
    files: /^electron\//,
    imports: /^agent\/(?!contract\/)/,
  },
  { id: 'desktop does not import the renderer', files: /^(electron|agent)\//, imports: /^renderer\// },
  {
    id: 'bridge maps core to the contract',
    files: /^electron\/bridge\//,
    own: /^(electron\/(bridge|core)|agent\/contract)\//,
    imports: /^npm:(electron|ssh2|better-sqlite3)$/,
  },
  {
    id: 'bridge contract can be read by a renderer',
    files: new RegExp(`^${bridgeContract}`),
    own: new RegExp(`^(${bridgeContract}|electron/bridge/define\\.ts$|${contracts})`),
    imports: /^node:/,
  },
  {
    id: 'shells present the core',
    files: /^electron\/(shell|browser-shell)\//,
    own: new RegExp(
      `^(electron/(shell|browser-shell|page|core|bridge|exec)/|electron/core-process/messages\\.ts$|electron/config\\.ts$|${contracts})`,
    ),
    imports: /^npm:(ssh2|better-sqlite3)$/,
  },
  {
    id: 'the core asks the shell by messages',
    files: /^electron\/core-process\//,
    own: new RegExp(`^(electron/(core-process|core|bridge)/|${contracts})`),
    imports: /^npm:(electron|ssh2|better-sqlite3)$/,
  },
  {
    id: 'the command line is the core without a window',
    files: /^electron\/cli\//,
    own: new RegExp(`^(electron/(cli|core|exec)/|electron/(desktop-core|config)\\.ts$|${contracts})`),
    imports: /^npm:(ssh2|better-sqlite3)$/,
  },
  {
    id: 'electron is imported by its shell only',
    files: product,
    except: /^electron\/(shell\/|preload\.ts$)/,
    imports: /^npm:electron$/,
  },
  {
    id: 'only main.ts starts the shell',
    files: product,
    except: /^electron\/(shell\/|main\.ts$)/,
    imports: /^electron\/shell\//,
  },
  {
    id: 'preload is the bridge and nothing else',
    files: /^electron\/preload\.ts$/,
    own: new RegExp(`^${bridgeContract}`),
    imports: /^node:/,
    packages: /^npm:electron$/,
  },
  {
    id: 'renderer knows only the bridge contract',
    files: /^renderer\//,
    own: new RegExp(`^(renderer/|${bridgeContract})`),
    imports: /^(node:|npm:(electron|ssh2|better-sqlite3|ws)$)/,
  },
  {
    // Two thirds of a megabyte that no first screen should wait for.
    id: 'terminals and drawings are loaded when they are shown',
    files: /^renderer\//,
    except: /^renderer\/(lib\/terminal\/terminal\.ts|components\/chart\/plot(-options)?\.tsx?)$/,
    imports: /^(npm:(@xterm\/.*|uplot)|renderer\/lib\/terminal\/terminal\.ts|renderer\/components\/chart\/plot\.tsx)$/,
    allowsLater: true,
  },
  {
    id: 'child processes start in exec',
    files: product,
    // Buildpacks are command-line programs of their own and have one spawner, in lib.
    except: /^(agent\/exec|electron\/exec|buildpacks\/lib)\//,
    imports: /^(node:|npm:)child_process$/,
  },
  {
    id: 'git is fed and read by others',
    // What clients send reaches it over the API, and what builds fetch is fetched by builds.
    files: /^agent\/git\//,
    imports: /^node:(net|http|https|http2|tls|dgram|dns)(\/|$)/,
    packages: /^$/,
    allowsNodeTypes: /^agent\/git\//,
  },
  { id: 'commands are argument lists', files: product, uses: /^(shell: true|imported exec(Sync)?)$/ },
  {
    id: 'the environment is read in config.ts',
    files: product,
    except: /(^|\/)config\.ts$/,
    uses: /^(process\.env|imported env)$/,
  },
  {
    id: 'raw IPC stays in the preload and the bridge transport',
    files: product,
    except: /^electron\/(preload\.ts|shell\/[^/]*(bridge|wire)[^/]*\.ts)$/,
    uses: /^(ipcMain|ipcRenderer|MessageChannelMain)$/,
  },
  {
    // openExternal there lets web links through and nothing else: a link of another scheme could start any program.
    id: 'links leave the window by one door',
    files: product,
    except: /^electron\/shell\/window\.ts$/,
    uses: /^shell\.openExternal$/,
  },
]

export function findBoundaryBreaks(source: SourceFile): BoundaryBreak[] {
  const own = [...findSiblingImports(source)]
  for (const rule of boundaryRules) {
    if (!rule.files.test(source.file) || rule.except?.test(source.file)) continue
    const at = (line: number, what: string) => own.push({ rule: rule.id, file: source.file, line, what })
    for (const one of source.imports) if (isForbidden(rule, source.file, one)) at(one.line, `imports ${one.target}`)
    for (const use of source.uses) if (rule.uses?.test(use.name)) at(use.line, `uses ${use.name}`)
  }
  return own
}

function isForbidden(rule: BoundaryRule, file: string, { target, isTypeOnly, isLater }: Import): boolean {
  if (rule.allowsLater && (isTypeOnly || isLater)) return false
  if (isTypeOnly && target.startsWith('node:') && rule.allowsNodeTypes?.test(file)) return false
  if (rule.imports?.test(target)) return true
  if (target.startsWith('npm:')) return rule.packages !== undefined && !rule.packages.test(target)
  return !target.startsWith('node:') && rule.own !== undefined && !rule.own.test(target)
}

/** Folders of one kind that must not know each other; a pattern for each kind cannot say "the same folder". */
const siblings: { id: string; folder: RegExp; allowed: RegExp }[] = [
  { id: 'technologies do not know each other', folder: technology, allowed: /^agent\/(core|contract|exec)\// },
  {
    id: 'desktop adapters do not know each other',
    folder: adapter,
    allowed: /^(electron\/(core|exec)|agent\/contract)\//,
  },
  {
    id: 'features do not know each other',
    folder: /^renderer\/features\/[^/]+\//,
    allowed: new RegExp(`^(renderer/(commands|components|lib|stores|styles)/|renderer/api\\.ts$|${bridgeContract})`),
  },
]

export const siblingRuleIds = siblings.map(({ id }) => id)

function* findSiblingImports({ file, imports }: SourceFile): Generator<BoundaryBreak> {
  for (const { id, folder, allowed } of siblings) {
    const own = folder.exec(file)?.[0]
    if (own === undefined) continue
    for (const { target, line } of imports) {
      const isOurs = !/^(node|npm):/.test(target)
      if (isOurs && !target.startsWith(own) && !allowed.test(target))
        yield { rule: id, file, line, what: `imports ${target}` }
    }
  }
}
