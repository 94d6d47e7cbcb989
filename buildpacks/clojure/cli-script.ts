import { quote } from '../lib/profile.ts'

/**
 * The command `clojure` of a build, with the words of upstream's (https://clojure.org/reference/clojure_cli), which is a script too and
 * in no index of packages; less the prompt, and tools that were installed by name. Which libraries are meant, tools.deps finds out, in
 * `lib` beside `bin`. Nothing is remembered from call to call, for a build makes few.
 */
export function renderCliScript(java: string, version: string): string {
  return `#!/usr/bin/env bash
set -euo pipefail
java=${quote(java)}
tools=$(dirname "$(dirname "$(readlink -f "$0")")")
mode=main shows= prepares=
choices=() own=() options=() main=()
refuse() {
  echo "clojure: $1" >&2
  exit 1
}
while [ $# -gt 0 ]; do
  word=$1
  shift
  case $word in
    -M) break ;;
    -M*) choices+=("$word"); break ;;
    -X) mode=exec; break ;;
    -X*) mode=exec choices+=("$word"); break ;;
    -T) mode=exec choices+=(--tool-mode); break ;;
    -T:*) mode=exec choices+=(--tool-mode "$word"); break ;;
    -T*) refuse "$word: a build has no tools that were installed by name; make it an alias of deps.edn (-T:NAME)" ;;
    -A:*) choices+=("$word") ;;
    -Sdeps) choices+=(--config-data "$1"); shift ;;
    -Sthreads) choices+=(--threads "$1"); shift ;;
    -Spath) shows=yes ;;
    -P) prepares=yes ;;
    -J*) own+=("\${word#-J}") ;;
    -Srepro | -Sforce | -Sverbose) ;;
    -version | --version) echo 'Clojure CLI of Hearth, with tools.deps ${version}'; exit 0 ;;
    -S* | -A* | -C* | -R* | -O*) refuse "a build knows no option $word" ;;
    *) set -- "$word" "$@"; break ;;
  esac
done
found=$(mktemp -d)
trap 'rm -rf "$found"' EXIT
"$java" \${CLJ_JVM_OPTS:-} -cp "$tools/lib/*" clojure.main -m clojure.tools.deps.script.make-classpath2 --config-project deps.edn \\
  --basis-file "$found/basis" --cp-file "$found/path" --jvm-file "$found/options" --main-file "$found/main" \\
  --manifest-file "$found/manifest" "\${choices[@]}"
path=$(<"$found/path")
if [ -n "$shows" ]; then echo "$path"; exit 0; fi
if [ -n "$prepares" ]; then exit 0; fi
[ ! -f "$found/options" ] || mapfile -t options <"$found/options"
[ ! -f "$found/main" ] || mapfile -t main <"$found/main"
if [ $mode = exec ]; then
  path=$path:$tools/exec
  main=(-m hearth.exec)
fi
"$java" \${JAVA_OPTS:-} "\${options[@]}" "\${own[@]}" "-Dclojure.basis=$found/basis" -cp "$path" clojure.main "\${main[@]}" "$@"
`
}

/** What -X and -T run: the function that is named in front or by the alias, with the alias's arguments under those that are given. */
export const execProgram = `(ns hearth.exec
  (:require [clojure.edn :as edn]))

(defn- parse [text]
  (edn/read-string {:default tagged-literal} text))

(defn- place [arguments [path value]]
  (if (vector? path) (assoc-in arguments path value) (assoc arguments path value)))

(defn- refuse [text]
  (binding [*out* *err*] (println text))
  (System/exit 1))

(defn- qualify [function {:keys [ns-aliases ns-default]}]
  (let [given (some-> (namespace function) symbol)
        space (if given (get ns-aliases given given) ns-default)]
    (when-not space (refuse (str "Unqualified function can't be resolved: " function)))
    (symbol (str space) (name function))))

(defn- locate [function]
  (require (symbol (namespace function)))
  (or (resolve function) (refuse (str "Namespace " (namespace function) " has no function " (name function)))))

(defn -main [& words]
  (let [{:keys [exec-fn exec-args] :as alias} (:argmap (parse (slurp (System/getProperty "clojure.basis"))))
        forms (map parse words)
        named (when (symbol? (first forms)) (first forms))
        pairs (partition-all 2 (if named (rest forms) forms))
        [whole-pairs [[more]]] (split-with next pairs)
        function (or named exec-fn (refuse "No function is named, and the alias has no :exec-fn."))]
    ((locate (qualify function alias)) (merge (reduce place exec-args whole-pairs) more))
    (shutdown-agents)))
`
