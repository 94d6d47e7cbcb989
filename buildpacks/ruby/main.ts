import { type Build, removeLeftovers } from '../lib/build.ts'
import { runBuildpack } from '../lib/buildpack.ts'
import { BuildError, printDetail, printHeader, printWarning } from '../lib/output.ts'
import { runOwnStep } from '../lib/own-step.ts'
import { writeExport, writeProfile } from '../lib/profile.ts'
import { precompileAssets } from './assets.ts'
import { rubyFailures } from './failures.ts'
import { chooseProcesses, warnOfServer } from './framework.ts'
import { installGems, renderBundleSettings } from './install.ts'
import { askRuby, chooseLayers } from './layers.ts'
import { readLock } from './lock.ts'
import { programPath, renderRubyProfile } from './profile.ts'

async function compile(build: Build): Promise<void> {
  const lock = await readLock(build)
  const ruby = await askRuby()
  if (ruby === null) throw new BuildError('ruby-missing', 'There is no Ruby in this build.', 'Deploy again.')
  printHeader('Runtime')
  printDetail(`Ruby ${ruby}`)
  await runOwnStep(build, 'bin/pre_compile', rubyFailures)
  await installGems(build, ruby)
  await precompileAssets(build, lock)
  await runOwnStep(build, 'bin/post_compile', rubyFailures)
  const warning = warnOfServer(lock, build.names)
  if (warning) printWarning(warning)
  await removeLeftovers(build, ['.gem', '.bundle'])
  await writeProfile(build.app, 'ruby', await renderRubyProfile(build, lock))
  await writeExport(programPath)
}

await runBuildpack({
  name: 'ruby',
  chooseLayers,
  renderEnvironment: (source, cache) => ({
    under: {
      LANG: 'C.UTF-8',
      RACK_ENV: 'production',
      RAILS_ENV: 'production',
      // So that no log of the build is part of the slug.
      RAILS_LOG_TO_STDOUT: 'enabled',
      BOOTSNAP_CACHE_DIR: `${cache}/bootsnap`,
      BUNDLE_WITHOUT: 'development:test',
      BUNDLE_JOBS: '4',
      NODE_ENV: 'production',
    },
    over: {
      ...renderBundleSettings(source),
      BUNDLE_USER_HOME: `${cache}/bundler`,
      BUNDLE_SILENCE_ROOT_WARNING: 'true',
      // So that no message of Bundler's is broken where it could not be recognised.
      THOR_COLUMNS: '400',
    },
  }),
  compile,
  chooseProcesses: async (source) => chooseProcesses(source, await readLock(source)),
  startAdvice: 'a Procfile, for example:\n  web: bundle exec puma -p $PORT',
  async report(source) {
    const lock = await readLock(source)
    const ruby = await askRuby()
    const rails = lock.gems.get('railties')
    return {
      ...(ruby ? { ruby_version: ruby } : {}),
      ...(lock.bundler ? { bundler_version: lock.bundler } : {}),
      ...(rails ? { rails_version: rails } : {}),
    }
  },
})
