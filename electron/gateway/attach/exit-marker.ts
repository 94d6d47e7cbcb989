/**
 * `heroku run --exit-code` appends `; echo "U+FFFF heroku-command-exit-status: $?"` to its command and looks for that line
 * in each piece of output by itself (heroku 11.10, lib/run/dyno.js). Left to the shell, the line may arrive in two pieces,
 * or not at all when the command ends the shell; so the suffix is taken off here and the line said by us.
 */
const suffix = /\s*;\s*echo "\uffff heroku-command-exit-status: \$\?"\s*$/

export function splitExitMarker(command: unknown): { command: unknown; hasExitMarker: boolean } {
  if (typeof command !== 'string' || !suffix.test(command)) return { command, hasExitMarker: false }
  return { command: command.replace(suffix, ''), hasExitMarker: true }
}

export function renderExitMarker(exitCode: number): string {
  return `\uffff heroku-command-exit-status: ${exitCode}\n`
}
