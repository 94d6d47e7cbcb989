import { javacFailures, jvmFailures } from '../jvm/failures.ts'
import type { KnownFailure } from '../lib/failures.ts'

/** What tools.deps says of itself. */
const depsFailures: readonly KnownFailure[] = [
  {
    id: 'deps-alias-missing',
    pattern: /Specified aliases are undeclared and are not being used: \[([^\]]+)\]/,
    headline: 'deps.edn has no alias $1.',
    advice:
      'Correct the config var CLOJURE_BUILD_TASK or bin/build; aliases in ~/.clojure/deps.edn are only on your machine.',
  },
  {
    id: 'deps-file-invalid',
    pattern: /Error reading edn[.,] ([^\n]*?)\.? \(\S*deps\.edn\)/,
    headline: "tools.deps can't read deps.edn: $1.",
    advice: 'Correct its parentheses; `clojure -Spath` shows whether it can be read.',
  },
  {
    id: 'deps-git-unreachable',
    pattern: /Unable to (?:clone|fetch) (\S+)/,
    headline: 'A library comes from a repository of git that could not be read ($1).',
    advice:
      'Check its address (:git/url), and that the server reaches it. A private one needs https with a token, or a jar.',
  },
  {
    id: 'deps-git-commit',
    pattern:
      /Library (\S+) has (?:invalid tag|sha and tag that point to different commits|prefix not in repo|coord with)|Commit not found for (\S+) in repo/,
    headline: 'deps.edn names a commit or tag of $1 that its repository does not have.',
    advice: 'Correct :git/tag and :git/sha; a branch that was forced may have lost the commit.',
  },
  {
    id: 'deps-local-missing',
    pattern: /Local lib (\S+) not found/,
    headline: 'deps.edn takes $1 from a folder (:local/root) that is not part of the app.',
    advice: 'Is it above the folder that is deployed, a submodule, or named by .gitignore or .slugignore?',
  },
  {
    id: 'deps-unprepared',
    pattern: /The following libs must be prepared before use: \[([^\]]+)\]/,
    headline: '$1 has to be compiled before it is used.',
    advice: 'Run `clojure -X:deps prep` first, in bin/pre_compile say.',
  },
  {
    id: 'deps-build-function',
    pattern:
      /Namespace \S+ has no function (\S+)|Unqualified function can't be resolved: (\S+)|No function is named, and the alias has no :exec-fn/,
    headline: 'The build knows no function $1.',
    advice: 'Correct the config var CLOJURE_BUILD_TASK, or :ns-default and :exec-fn of the alias in deps.edn.',
  },
]

/** What Leiningen says, and Clojure's compiler. The more exact stands before the more general. */
const leinFailures: readonly KnownFailure[] = [
  {
    id: 'lein-version',
    pattern: /This project requires Leiningen (?:version )?([\d.]*\d)/,
    headline: 'project.clj asks for Leiningen $1, and this one is older.',
    advice: 'Lower :min-lein-version in project.clj, or take it out.',
  },
  {
    id: 'lein-task-unknown',
    pattern: /'([^'\s]+)' is not a task\. See 'lein help'/,
    headline: "Leiningen knows no task '$1'.",
    advice:
      'Correct the config var LEIN_BUILD_TASK. A plugin has to be named in :plugins of project.clj itself, not in your own profiles.',
  },
  {
    id: 'lein-profile-unknown',
    pattern: /Warning: profile :?(\S+) not found/,
    headline: 'project.clj has no profile $1.',
    advice: 'Correct LEIN_BUILD_TASK; profiles in ~/.lein are only on your machine.',
  },
  {
    id: 'lein-dependency-missing',
    pattern: /Could not find artifact ([\w.-]+(?::[\w.-]+)+)/,
    headline: 'No repository has $1.',
    advice:
      'Check its name and version in project.clj or deps.edn. What is only on your machine (lein install) must be in a repository that those name.',
  },
  {
    id: 'lein-repository-unreachable',
    pattern: /Could not transfer artifact (\S+) from\/to/,
    headline: 'A repository of packages did not give $1.',
    advice:
      'Check that the server reaches the repositories of project.clj or deps.edn (clojars and central where it names none).',
  },
  {
    id: 'lein-repository-http',
    pattern: /Tried to use insecure HTTP repository without TLS[^\n]*\n\s*(\S+)/,
    headline: 'project.clj names a repository by http, which Leiningen refuses: $1.',
    advice: 'Use its https address.',
  },
  {
    id: 'lein-project-invalid',
    pattern:
      /Error loading \S*project\.clj[\s\S]*?(EOF while reading[^\n"]*|Unmatched delimiter: \S+|Map literal must contain an even number of forms)/,
    headline: "Leiningen can't read project.clj: $1",
    advice: 'Correct its parentheses; `lein pprint` shows whether it can be read.',
  },
  {
    id: 'lein-no-main',
    pattern:
      /(?:Uberjar|No) :?main namespace (?:specified|not found)|Can't find ':main' as \.class or \.clj|Error: No main namespace specified/,
    headline: 'project.clj does not say which namespace starts the app.',
    advice: 'Name it: :main shop.core, whose ns form has (:gen-class).',
  },
  {
    id: 'lein-pedantic',
    pattern: /Aborting due to (?::pedantic\? :abort|version ranges)/,
    headline: 'Two versions of a dependency are wanted, and project.clj says that this ends the build.',
    advice: 'Leiningen names above what to exclude. Write the :exclusions, or :pedantic? :warn.',
  },
  {
    id: 'lein-checkouts',
    pattern: /checkouts\/(\S+)[^\n]*(?:No such file|FileNotFoundException)/,
    headline: 'The folder checkouts names $1, which is not part of the app.',
    advice: 'Links in checkouts are for your machine only: put the folder into .gitignore.',
  },
  {
    id: 'lein-tests-failed',
    pattern: /Tests failed\.|\d+ failures?, [1-9]\d* errors?\.|[1-9]\d* failures?, \d+ errors?\./,
    headline: 'Tests failed, and so did the build.',
    advice: 'They stand above. Take them out of LEIN_BUILD_TASK or bin/build.',
  },
  {
    id: 'clojure-too-old',
    pattern:
      /No matching ctor found for class clojure\.|clojure\.core\/(abs|parse-long|update-vals|update-keys|parse-uuid|iteration)\b[^\n]*(?:does not exist|not resolve)|Unable to resolve symbol: (abs|parse-long|update-vals|update-keys|parse-uuid|parse-boolean|random-uuid|iteration|partitionv) in/,
    headline: 'The code uses $1, which this Clojure does not have.',
    advice:
      'Name a newer one in project.clj: [org.clojure/clojure "1.12.0"]. A dependency may bring an older: `lein deps :tree`.',
  },
  {
    id: 'clojure-namespace-missing',
    pattern: /Could not locate (\S+?)(?:__init\.class|\.class|\.clj)[^\n]*on classpath/,
    headline: 'The code requires $1, which is neither in src nor in a dependency.',
    advice:
      'Is its file part of the app, with underscores where the namespace has dashes, and is the library named in project.clj or deps.edn?',
  },
  {
    id: 'clojure-class-missing',
    pattern:
      /Execution error \(ClassNotFoundException\) at [^\n]*\n\s*([\w.$]+)|(?:ClassNotFoundException|NoClassDefFoundError):? ([\w.$/]+)/,
    headline: 'The class $1 is not there.',
    advice:
      'Name the library that has it in :dependencies (not only in :dev); Java of the app needs :java-source-paths.',
  },
  {
    id: 'clojure-symbol-missing',
    pattern: /Unable to resolve (?:symbol|var): (\S+) in this context/,
    headline: 'The code uses $1, which is defined nowhere that it can see.',
    advice: 'Is it spelled right, defined above its use, and referred to in the ns form?',
  },
  {
    id: 'clojure-alias-missing',
    pattern: /No such (?:namespace|var): (\S+)/,
    headline: 'The code uses $1, which does not exist.',
    advice: 'Check the alias in the ns form, and that the library of this version has it.',
  },
  {
    id: 'clojure-syntax',
    pattern:
      /(EOF while reading(?:, starting at line \d+)?|Unmatched delimiter: \S+|Map literal must contain an even number of forms)/,
    headline: 'Clojure can not read the code: $1',
    advice:
      'The file and line stand above, in "compiling:(...)" or "Syntax error reading source at". Correct its parentheses.',
  },
  {
    id: 'clojure-arity',
    pattern: /Wrong number of args \((\d+)\) passed to:? (\S+)/,
    headline: 'A function or macro is called with another number of arguments than it has ($1).',
    advice: 'The place stands above.',
  },
  {
    id: 'clojure-spec',
    pattern: /Call to (\S+) did not conform to spec/,
    headline: 'A form is not as Clojure wants it: $1.',
    advice: 'The place and what is wrong with it stand above; an old library under a new Clojure is a likely cause.',
  },
  {
    id: 'clojure-config-var',
    pattern:
      /(?:Missing|No value for|environment variable) (?:required )?(?:environment variable |config(?:uration)? )?:?([A-Z][A-Z0-9_]{2,})\b/,
    headline: 'Compiling runs code that wants $1.',
    advice:
      'Set it as a config var; better, read it when the app starts (a function or delay), not where a namespace is loaded.',
  },
  {
    id: 'clojure-compile',
    pattern: /(?:Syntax error [^\n(]*at|compiling:) ?\(([^)]+:\d+:\d+)\)/,
    headline: 'The code does not compile: $1',
    advice: 'What is wrong stands above it. The same build on your machine should say the same.',
  },
]

export const clojureFailures: readonly KnownFailure[] = [
  ...depsFailures,
  ...leinFailures,
  ...jvmFailures,
  ...javacFailures,
]
