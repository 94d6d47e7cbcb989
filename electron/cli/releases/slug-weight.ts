import { HearthError } from '../../../agent/contract/errors.ts'
import type { SlugWeight } from '../../../agent/contract/releases/slug-weight.ts'
import { appOption, type Command } from '../command.ts'
import { formatBytes, renderTable } from '../table.ts'
import { readVersion } from './releases.ts'

const weight: Command = {
  name: 'releases size',
  parameters: '[vN]',
  summary: "why a release's slug (the current one's) is as big as it is, and what would make it smaller",
  options: appOption,
  words: [0, 1],
  async run({ words: [wanted], values, session: open }) {
    const { agent, app } = await (await open()).app(values)
    const version = wanted === undefined ? null : readVersion(wanted)
    const releases = await agent.call('listReleases', { app: app.id })
    const release = releases.find((one) => (version === null ? one.current : one.version === version))
    if (!release?.slug)
      throw new HearthError(
        'not_found',
        `${release ? `v${release.version} of ${app.name} has no code` : 'There is no such release'}.`,
      )
    const data = await agent.call('getSlugWeight', { app: app.id, slug: release.slug.id })
    return { data, text: renderWeight(data) }
  },
}

/** As text of several tables; exported for its test. */
export function renderWeight(data: SlugWeight): string {
  const { size, files, archive_size, kinds, folders, biggest, layers, hints, previous } = data
  const packed = archive_size === null ? '' : `, ${formatBytes(archive_size)} packed`
  const before = previous && kinds.map(({ kind }) => previous.kinds.find((one) => one.kind === kind)?.size ?? 0)
  const growth = (bytes: number) => (bytes === 0 ? '' : `${bytes > 0 ? '+' : '-'}${formatBytes(Math.abs(bytes))}`)
  const total = `${formatBytes(size)} in ${files} files${packed}${previous ? ` (${growth(size - previous.size) || 'as before'})` : ''}\n`
  const tables = [
    renderTable(
      ['what', 'size', 'files', before ? 'since the slug before' : ''],
      kinds.map((one, index) => [
        one.kind,
        formatBytes(one.size),
        String(one.files),
        before ? growth(one.size - (before[index] ?? 0)) : '',
      ]),
      '',
    ),
    renderTable(
      ['folder', 'size', 'files'],
      folders.map((one) => [one.path, formatBytes(one.size), String(one.files)]),
      '',
    ),
    renderTable(
      ['biggest file', 'size'],
      biggest.map((one) => [one.path, formatBytes(one.size)]),
      '',
    ),
    renderTable(
      ['layer below, once for the server', 'size', 'apps'],
      layers.map((one) => [one.provider, one.size === null ? '' : formatBytes(one.size), String(one.apps)]),
      '',
    ),
  ]
  const advice = hints.map(
    (hint) =>
      `${formatBytes(hint.size)}: ${hint.text}\n${hint.slugignore.map((line) => `  .slugignore: ${line}\n`).join('')}`,
  )
  return [
    total,
    ...tables.filter((table) => table.trim() !== ''),
    ...(advice.length > 0 ? [advice.join('')] : []),
  ].join('\n')
}

export const slugWeightCommands: readonly Command[] = [weight]
