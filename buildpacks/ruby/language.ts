import type { Language } from '../lib/language.ts'
import { assetFailures, rubyFailures } from './failures.ts'

export const language: Language = {
  name: 'Ruby',
  buildpack: 'hearth/ruby',
  detectedBy: ['Gemfile'],
  versions: {
    byDefault: "the stack's own (3.1 on Debian 12, 3.3 on Debian 13, 3.0 and 3.2 on Ubuntu 22.04 and 24.04)",
    sources: ['RUBY VERSION in Gemfile.lock', 'ruby in Gemfile', '.ruby-version', '.tool-versions'],
    available:
      "The stack's own. Another patch of its line is taken for it, with a warning, and the slug's Gemfile says so, because Bundler would refuse it.",
  },
  managers: [
    { name: 'Bundler', file: 'Gemfile.lock', command: 'bundle install, in deployment mode, into vendor/bundle' },
    {
      name: 'gems of Debian packages',
      file: 'Gemfile.lock, with BUNDLE_PATH__SYSTEM=true',
      command: 'bundle install --local',
    },
  ],
  cache: {
    kept: 'vendor/bundle: with the same Gemfile and Gemfile.lock nothing is installed, otherwise what is new; compiled assets, and what their compilers keep in tmp/cache; the index of the gem server',
    droppedBy: 'another Ruby, stack, or setting of Bundler (a BUNDLE_ config var)',
  },
  sameEachTime:
    'yes, with gems that are compiled too; but the manifest of Sprockets has a random name, and a Rails app without a SECRET_KEY_BASE gets one of its own (both are kept from build to build)',
  processes: [
    { type: 'web', of: 'Rails', command: 'bin/rails server -p $PORT -e $RAILS_ENV' },
    { type: 'web', of: 'config.ru', command: 'puma, thin, or else rackup, whichever is among the gems' },
    {
      type: 'web',
      of: 'app.rb, main.rb, server.rb or web.rb that requires sinatra',
      command: 'ruby FILE (a guess, and said to be one)',
    },
    { type: 'worker', of: 'delayed_job with a Rakefile', command: 'rake jobs:work' },
    { type: 'console', of: 'all', command: 'rails console, or irb' },
    { type: 'rake', of: 'a Rakefile', command: 'rake' },
  ],
  hooks: [
    'bin/pre_compile',
    'rake assets:precompile and assets:clean, of Rails and of a Rakefile that has it',
    'bin/post_compile',
  ],
  configVars: [
    { name: 'BUNDLE_WITHOUT', meaning: 'groups that are left out, development:test unless set' },
    { name: 'BUNDLE_...', meaning: "Bundler's own settings: logins of gem servers, BUNDLE_MIRROR__ALL" },
    { name: 'RACK_ENV, RAILS_ENV', meaning: 'production unless set' },
    { name: 'RAILS_SERVE_STATIC_FILES, RAILS_LOG_TO_STDOUT', meaning: 'enabled unless set' },
    { name: 'SECRET_KEY_BASE', meaning: 'of a Rails app that has none of its own: made in its first build, and kept' },
    { name: 'WEB_CONCURRENCY', meaning: 'workers of Puma: one for 256 MB of the dyno, at most 2 for a core' },
    { name: 'MALLOC_ARENA_MAX, PUMA_PERSISTENT_TIMEOUT', meaning: '2 and 95 unless set' },
  ],
  failures: [...rubyFailures, ...assetFailures],
  limits: [
    "a Ruby of another line than the stack's, JRuby and TruffleRuby (the build says what there is)",
    'on This computer, gems that are compiled, unless its own compilers and headers are there',
  ],
}
