import type { DefaultProcess } from '../lib/buildpack.ts'
import type { Source } from '../lib/source.ts'
import type { Lock } from './lock.ts'

export const isRails = ({ gems }: Lock): boolean => gems.has('railties')

/** As on Heroku, and where it has no default, what the files say. */
export async function chooseProcesses(source: Source, lock: Lock): Promise<DefaultProcess[]> {
  const web = await chooseWeb(source, lock)
  const tasks = source.names.has('Rakefile') ? [{ type: 'rake', command: 'bundle exec rake', guessedFrom: null }] : []
  const console = isRails(lock) ? `${await railsProgram(source)} console` : 'bundle exec irb'
  // The task is delayed_job's, whose own name this one is.
  const jobs = lock.gems.has('delayed_job') && tasks.length > 0 ? 'bundle exec rake jobs:work' : null
  return [
    ...(web ? [web] : []),
    ...(jobs ? [{ type: 'worker', command: jobs, guessedFrom: null }] : []),
    { type: 'console', command: console, guessedFrom: null },
    ...tasks,
  ]
}

async function chooseWeb(source: Source, lock: Lock): Promise<DefaultProcess | null> {
  const { gems } = lock
  if (isRails(lock))
    return {
      type: 'web',
      command: `${await railsProgram(source)} server -p $PORT -e $RAILS_ENV -b 0.0.0.0`,
      guessedFrom: null,
    }
  if (source.names.has('config.ru')) {
    if (gems.has('puma')) return { type: 'web', command: 'bundle exec puma -p $PORT', guessedFrom: null }
    if (gems.has('thin'))
      return { type: 'web', command: 'bundle exec thin start -R config.ru -e $RACK_ENV -p $PORT', guessedFrom: null }
    return { type: 'web', command: 'bundle exec rackup config.ru -p $PORT -o 0.0.0.0', guessedFrom: null }
  }
  for (const file of ['app.rb', 'main.rb', 'server.rb', 'web.rb']) {
    const text = source.names.has(file) ? await source.read(file) : null
    if (text !== null && /^\s*require ['"]sinatra['"]/m.test(text))
      return {
        type: 'web',
        command: `bundle exec ruby ${file} -p $PORT -o 0.0.0.0`,
        guessedFrom: `${file}, which requires sinatra,`,
      }
  }
  return null
}

async function railsProgram(source: Source): Promise<string> {
  return (await source.read('bin/rails')) === null ? 'bundle exec rails' : 'bin/rails'
}

/** What will fail only when the app starts. */
export function warnOfServer({ gems }: Lock, names: ReadonlySet<string>): string | null {
  const hasServer = ['puma', 'thin', 'unicorn', 'falcon', 'webrick', 'iodine', 'passenger', 'agoo'].some((name) =>
    gems.has(name),
  )
  if (!names.has('config.ru') || hasServer) return null
  return 'The app has a config.ru, but none of its gems is a web server.\nRun `bundle add puma`, commit Gemfile and Gemfile.lock.'
}
