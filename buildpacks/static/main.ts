import { removeLeftovers } from '../lib/build.ts'
import { runBuildpack } from '../lib/buildpack.ts'
import { BuildError } from '../lib/output.ts'
import { writeProfile } from '../lib/profile.ts'
import { reportRuntimes } from '../lib/runtime.ts'
import type { Source } from '../lib/source.ts'
import { addSiteServer, renderSiteCommand, runSiteServer } from './program.ts'
import { readSite, type Site } from './site.ts'

async function requireSite(source: Source): Promise<Site> {
  const site = await readSite(source)
  if (site) return site
  throw new BuildError(
    'static-no-root',
    'No folder of the app has an index.html.',
    'Name the folder with the pages in static.json: { "root": "dist" }',
  )
}

if (!(await runSiteServer(process.argv.slice(2))))
  await runBuildpack({
    name: 'static',
    // The line that servers have from their installation.
    chooseLayers: async () => ({ lines: ['node 24.x'], warnings: [] }),
    async compile(build) {
      await addSiteServer(build.app, await requireSite(build))
      await removeLeftovers(build)
      await writeProfile(build.app, 'static', '')
    },
    async chooseProcesses(source) {
      return [{ type: 'web', command: renderSiteCommand(await requireSite(source)), guessedFrom: null }]
    },
    startAdvice: 'a Procfile',
    async report(source) {
      return { ...reportRuntimes(), site_root: (await requireSite(source)).root }
    },
  })
