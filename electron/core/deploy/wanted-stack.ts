import { access, readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import type { Agent } from '../ports/agent.ts'

const manifest = z.looseObject({ stack: z.string() })

/**
 * The stack that a folder's app.json names, or that its heroku.yml means if it has no app.json, where the server has it; null leaves
 * the choice to the server. For an app that is made from the folder, as at Heroku: one that is there already has its stack.
 */
export async function findWantedStack(folder: string, agent: Agent): Promise<string | null> {
  const text = await readFile(path.join(folder, 'app.json'), 'utf8').catch(() => null)
  const isOfImages = text === null && (await isThere(path.join(folder, 'heroku.yml')))
  const wanted = text === null ? (isOfImages ? 'container' : null) : parseStack(text)
  if (wanted === null) return null
  const stacks = await agent.call('listStacks', {})
  return stacks.some(({ name }) => name === wanted) ? wanted : null
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}

function parseStack(text: string): string | null {
  try {
    return manifest.safeParse(JSON.parse(text)).data?.stack ?? null
  } catch {
    // What is wrong with the file is for the build to say.
    return null
  }
}
