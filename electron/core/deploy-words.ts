import type { Agent } from './ports/agent.ts'

/**
 * What a build says of its failure: the last block of ` !     ` lines, which is how buildpacks and the agent mark it. The
 * agent repeats a buildpack's headline at the end; the block that it repeats has the advice too, so that one counts.
 */
export function lastWords(output: string): string | null {
  const blocks = listBlocks(output)
  const last = blocks.at(-1)
  if (!last) return null
  const whole = blocks.findLast((block) => block !== last && block[0] === last[0] && last.length === 1) ?? last
  const [headline, ...advice] = whole.filter((line) => !/^\([\w-]+\)$/.test(line))
  return [headline, ...advice].join('\n')
}

/** The marked lines that follow each other; without colours, marks and blank lines. */
function listBlocks(output: string): string[][] {
  const blocks: string[][] = []
  let isInside = false
  for (const line of output.split('\n')) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
    const [, text] = /^ !(.*)$/.exec(line.replace(/\u001b\[[\d;]*m/g, '').trimEnd()) ?? []
    if (text !== undefined && !isInside) blocks.push([])
    isInside = text !== undefined
    if (text?.trim()) blocks.at(-1)?.push(text.trim())
  }
  return blocks.filter((block) => block.length > 0)
}

/** What to do about a release whose dynos did not come up, where that is known. */
export function adviseOn(reason: string): string {
  if (/\bR10\b/.test(reason))
    return '\nThe web process must listen on the port that the environment variable PORT names, not on one of its own choice: process.env.PORT in Node.js.'
  return ''
}

const lastLines = 30

/** What a dyno and the platform logged of it last, without the times and names that the log pane shows. */
export async function readLastLines(agent: Agent, app: string, dyno: string): Promise<string> {
  const session = await agent.call('createLogSession', { app }, { dyno, lines: lastLines })
  const chunks: Uint8Array[] = []
  for await (const bytes of agent.readStream(session.logplex_url, AbortSignal.timeout(3000))) chunks.push(bytes)
  const all = Buffer.concat(chunks).toString('utf8').trimEnd().split('\n')
  // The dyno that it replaces had the same name; what that one said is not the answer.
  const lines = all.slice(
    Math.max(
      0,
      all.findLastIndex((line) => line.includes(']: Starting process with command ')),
    ),
  )
  // `2026-01-31T12:00:00.000000+00:00 app[web.1]: text`
  // A program that prints a blank line before its complaint would push it out of sight.
  return lines
    .filter((line) => /\]:\s*\S/.test(line))
    .map((line) => `       ${line.replace(/^\S+ \S+\[[^\]]+\]: ?/, '')}\n`)
    .join('')
}
