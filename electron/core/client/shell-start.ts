import { basename, join } from 'node:path'
import { writeFileWhole } from '../json-file.ts'
import { containedExceptions, type Environment, type EnvironmentChange } from './environment.ts'
import { renderEnvironment } from './render-environment.ts'

export interface ShellStart {
  readonly command: readonly [program: string, ...parameters: string[]]
  readonly environment: EnvironmentChange
  /** Start-up files to write before, by path. */
  readonly files: Readonly<Record<string, string>>
}

export interface ShellStartOptions {
  /** The user's shell, by path or name. */
  readonly program: string
  readonly serverName: string
  readonly environment: EnvironmentChange
  /** Where the start-up files go. */
  readonly folder: string
  readonly user: Environment
}

/**
 * How a shell is started so that the user's own start-up files are read as always, the server's environment holds over
 * what they set, and the prompt says which server is meant.
 */
export function planShellStart({ program, serverName, environment, folder, user }: ShellStartOptions): ShellStart {
  const prompt = `(hearth ${promptName(serverName)}) `
  const name = basename(program).replace(/\.exe$/i, '')
  const syntax = name === 'fish' ? 'fish' : 'sh'
  // Said again by the start-up file: the user's own may name another Heroku.
  const shared = { ...environment, HEARTH_PROMPT: prompt, HEARTH_ENVIRONMENT: renderEnvironment(environment, syntax) }
  switch (name) {
    case 'bash': {
      const rc = join(folder, 'bashrc')
      return { command: [program, '--rcfile', rc, '-i'], environment: shared, files: { [rc]: bashRc } }
    }
    case 'zsh': {
      const at = join(folder, 'zsh')
      const files = { '.zshenv': zshEnv, '.zprofile': zshProfile, '.zshrc': zshRc }
      return {
        command: [program, '-i'],
        environment: { ...shared, ZDOTDIR: at, HEARTH_ZDOTDIR: at, HEARTH_USER_ZDOTDIR: user.ZDOTDIR ?? '' },
        files: Object.fromEntries(Object.entries(files).map(([file, text]) => [join(at, file), text])),
      }
    }
    case 'fish':
      return { command: [program, '--interactive', '--init-command', fishInit], environment: shared, files: {} }
    case 'sh':
    case 'dash':
    case 'ash':
    case 'ksh':
    case 'mksh': {
      const rc = join(folder, 'shrc')
      const ours = { ENV: rc, HEARTH_USER_ENV: user.ENV ?? '' }
      return { command: [program, '-i'], environment: { ...shared, ...ours }, files: { [rc]: shRc } }
    }
    default:
      return { command: [program], environment, files: {} }
  }
}

/** What every shell shows as it is, and none expands. */
function promptName(serverName: string): string {
  return serverName.replaceAll(/[^\p{L}\p{N} ._@-]/gu, '').trim() || 'server'
}

const note = '# Written by Hearth for its terminals. Your own start-up files are read as always.\n'

/** What the client alone gets, while other programs keep the user's own proxy: see `isForClientAlone`. */
const containment = `http_proxy=$HTTP_PROXY https_proxy=$HTTP_PROXY no_proxy=${containedExceptions}`

const containedClient = `unalias heroku 2>/dev/null
heroku() {
  ${containment} command heroku "$@"
}
`

/** After a user's command that ends in a semicolon another one would be a mistake, a line break is none. */
const bashRc = `${note}[ -r ~/.bashrc ] && . ~/.bashrc
eval "$HEARTH_ENVIRONMENT"
${containedClient}__hearth_prompt_text=$HEARTH_PROMPT
unset HEARTH_ENVIRONMENT HEARTH_PROMPT
__hearth_prompt() {
  case $PS1 in "$__hearth_prompt_text"*) ;; *) PS1=$__hearth_prompt_text$PS1 ;; esac
}
case $(declare -p PROMPT_COMMAND 2>/dev/null) in
  'declare -a'*) PROMPT_COMMAND+=(__hearth_prompt) ;;
  *) PROMPT_COMMAND="\${PROMPT_COMMAND-}"$'\\n'__hearth_prompt ;;
esac
`

/** zsh looks for its files in ZDOTDIR, which the user may have set elsewhere, or set in the first of them. */
const zshSource = (file: string) => `[[ -r $ZDOTDIR/${file} ]] && . "$ZDOTDIR/${file}"
`

const zshEnv = `${note}ZDOTDIR=\${HEARTH_USER_ZDOTDIR:-$HOME}
${zshSource('.zshenv')}HEARTH_USER_ZDOTDIR=$ZDOTDIR
ZDOTDIR=$HEARTH_ZDOTDIR
`

const zshProfile = `${note}ZDOTDIR=$HEARTH_USER_ZDOTDIR
${zshSource('.zprofile')}HEARTH_USER_ZDOTDIR=$ZDOTDIR
ZDOTDIR=$HEARTH_ZDOTDIR
`

const zshRc = `${note}[[ $HISTFILE == $HEARTH_ZDOTDIR/* ]] && HISTFILE=$HEARTH_USER_ZDOTDIR/.zsh_history
ZDOTDIR=$HEARTH_USER_ZDOTDIR
${zshSource('.zshrc')}eval "$HEARTH_ENVIRONMENT"
${containedClient}__hearth_prompt_text=$HEARTH_PROMPT
unset HEARTH_ENVIRONMENT HEARTH_PROMPT HEARTH_ZDOTDIR HEARTH_USER_ZDOTDIR
[[ $ZDOTDIR == $HOME ]] && unset ZDOTDIR
__hearth_prompt() {
  [[ $PROMPT == "$__hearth_prompt_text"* ]] || PROMPT=$__hearth_prompt_text$PROMPT
}
autoload -Uz add-zsh-hook && add-zsh-hook precmd __hearth_prompt
`

/** The user's prompt may show the last status, which ours must not change. */
const fishInit = `echo $HEARTH_ENVIRONMENT | source
set -g __hearth_prompt_text $HEARTH_PROMPT
set -e HEARTH_ENVIRONMENT
set -e HEARTH_PROMPT
function heroku
  env ${containment} heroku $argv
end
functions --copy fish_prompt __hearth_user_prompt
function __hearth_status
  return $argv[1]
end
function fish_prompt
  set -l __hearth_last $status
  echo -n $__hearth_prompt_text
  __hearth_status $__hearth_last
  __hearth_user_prompt
end`

const shRc = `${note}ENV=$HEARTH_USER_ENV
[ -n "$ENV" ] && [ -r "$ENV" ] && . "$ENV"
[ -n "$ENV" ] || unset ENV
eval "$HEARTH_ENVIRONMENT"
${containedClient}PS1="$HEARTH_PROMPT\${PS1-$ }"
unset HEARTH_ENVIRONMENT HEARTH_PROMPT HEARTH_USER_ENV
`

export async function writeStartFiles({ files }: ShellStart): Promise<void> {
  for (const [path, text] of Object.entries(files)) await writeFileWhole(path, text)
}
