/**
 * What git is told when a server asks it who is there: the config var GO_GIT_CRED__<PROTOCOL>__<HOST>, as on Heroku, of
 * `user:password` or of one token for both. It stands in the environment of the build's programs; in no argument and no file.
 */
const helper = `!f() {
  [ "$1" = get ] || exit 0
  while IFS='=' read -r key value; do
    case $key in protocol) protocol=$value ;; host) host=$value ;; esac
  done
  login=$(printenv "$(printf 'GO_GIT_CRED__%s__%s' "$protocol" "$host" | sed 's/[^A-Za-z0-9_]/__/g' | tr a-z A-Z)") || exit 0
  printf 'username=%s\\npassword=%s\\n' "\${login%%:*}" "\${login#*:}"
}; f`

/** Empty where no config var holds a login. */
export function renderGitLogin(configVars: ReadonlyMap<string, string>): Record<string, string> {
  if (![...configVars.keys()].some((name) => name.startsWith('GO_GIT_CRED__'))) return {}
  return { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'credential.helper', GIT_CONFIG_VALUE_0: helper }
}
