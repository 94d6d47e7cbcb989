import { z } from 'zod'

const packageFile = z.looseObject({
  scripts: z.record(z.string(), z.unknown()).optional(),
  workspaces: z.unknown().optional(),
})

/** How a package starts, if it says so, and what is wrong with its file. */
export function readPackage(text: string | null): { start: string | null; hasWorkspaces: boolean; warnings: string[] } {
  if (text === null) return { start: null, hasWorkspaces: false, warnings: [] }
  const parsed = packageFile.safeParse(parse(text))
  if (!parsed.success)
    return {
      start: null,
      hasWorkspaces: false,
      warnings: ['package.json is not valid JSON; the build will fail on it.'],
    }
  const { scripts, workspaces } = parsed.data
  const start = typeof scripts?.start === 'string' ? 'npm start' : null
  return { start, hasWorkspaces: workspaces !== undefined, warnings: [] }
}

/** The lines of a Procfile; null when there is none. The build reads it again, and strictly. */
export function readProcfile(text: string | null): { processTypes: Record<string, string> | null; warnings: string[] } {
  if (text === null) return { processTypes: null, warnings: [] }
  const processTypes: Record<string, string> = {}
  const warnings: string[] = []
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    if (/^\s*(#|$)/.test(line)) continue
    const [, type, command] = /^\s*([-\w]{1,128})\s*:\s*(.*\S)\s*$/.exec(line) ?? []
    if (type === undefined || command === undefined)
      warnings.push(`Line ${index + 1} of the Procfile is not of the form "type: command".`)
    else processTypes[type] = command
  }
  return { processTypes, warnings }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return undefined
  }
}
