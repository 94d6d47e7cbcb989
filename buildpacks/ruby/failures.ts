import type { KnownFailure } from '../lib/failures.ts'

const relock = 'Run `bundle install`, commit Gemfile and Gemfile.lock, then deploy again.'

/** What Bundler, RubyGems and Ruby say, and what it means. The more exact stands before the more general. */
export const rubyFailures: readonly KnownFailure[] = [
  {
    id: 'ruby-version-mismatch',
    pattern: /your Gemfile specified (\S+)/,
    headline: 'Gemfile asks for Ruby $1, and the app is built with another one.',
    advice: 'Write a line of versions into Gemfile, for example `ruby "~> 3.1.0"`, and run `bundle install`.',
  },
  {
    id: 'gem-needs-ruby',
    pattern: /([\w.-]+) requires (?:ruby|rubygems) version [^,]+, which is incompatible with\s+the\s+current/i,
    headline: '$1 needs another version of Ruby than the server has.',
    advice:
      'Take a version of the gem that the Ruby of the server fits, and run `bundle update` for it; or deploy to a server with a newer release of its system.',
  },
  {
    id: 'gemfile-lock-out-of-sync',
    pattern:
      /(?:after changing\s+your Gemfile|gemspecs for path gems changed|Some dependencies were deleted|lockfile can't be updated because frozen mode is set|frozen because)/,
    headline: 'Gemfile.lock does not match Gemfile.',
    advice: relock,
  },
  {
    id: 'gem-version-gone',
    pattern: /Your bundle is locked to ([\w.-]+ \([^)]+\))[\s\S]*can no longer be\s+found/,
    headline: 'The gem server has no $1.',
    advice:
      'Check its name in Gemfile. If the version was taken back, run `bundle update` for it and commit Gemfile.lock.',
  },
  {
    id: 'gem-not-found',
    pattern:
      /Could not find (?:gem ')?([\w.-]+)[^\n]* in (?:rubygems repository|any of the sources|locally installed gems|cached gems)/,
    headline: 'The gem $1 is not to be had.',
    advice:
      'Check its name and source in Gemfile. A gem server that asks for a login has it in a config var: BUNDLE_GEMS__EXAMPLE__COM=user:password.',
  },
  {
    id: 'gem-conflict',
    pattern:
      /Bundler could not find compatible versions for gem "([\w.-]+)"|Could not find compatible versions\s+Because (\S+)/,
    headline: 'The gems contradict each other.',
    advice: `Bundler names above who wants what. Loosen one of the versions in Gemfile. ${relock}`,
  },
  {
    id: 'gemfile-syntax',
    pattern: /There was an error (?:parsing|while loading) `([^`']+)/,
    headline: "Ruby can't read $1.",
    advice: 'The line is named above.',
  },
  {
    id: 'lock-platform-missing',
    pattern: /Your bundle only supports platforms \[(.+?)\]/,
    headline: 'Gemfile.lock was made for another kind of machine only: $1.',
    advice:
      'Run `bundle lock --add-platform x86_64-linux` (aarch64-linux for ARM), commit Gemfile.lock, then deploy again.',
  },
  {
    id: 'gem-login',
    pattern: /(?:Authentication is required for|Bad username or password for) (\S+?)\.?\s/,
    headline: 'The gem server $1 asks for a login.',
    advice: 'Set it as a config var, named after the host: BUNDLE_GEMS__EXAMPLE__COM=user:password.',
  },
  {
    id: 'gem-server-unreachable',
    pattern: /Could not (?:reach host|fetch specs from) (?:https?:\/\/)?([\w.-]+[\w])/,
    headline: 'The gem server $1 is not reached from this server.',
    advice:
      'Check its name and the network of the server. A mirror is named by the setting BUNDLE_MIRROR__ALL, for the server or as a config var.',
  },
  {
    id: 'gem-checksum',
    pattern: /(?:Bundler cannot continue installing|Bundler found mismatched checksums)/,
    headline: 'A gem is not the file that it should be.',
    advice: 'Deploy again. If it stays so, do not use it: see what changed between Gemfile.lock and the gem server.',
  },
  {
    id: 'gem-git',
    pattern: /Git error: command `git [\s\S]*?(\w+:\/\/\S+|git@\S+)/,
    headline: 'A gem comes from git, and $1 could not be fetched.',
    advice:
      'Check its address and that it is public. For a private one: BUNDLE_GITHUB__COM=token as a config var, and an https address.',
  },
  {
    id: 'gem-git-revision',
    pattern: /Revision (\w+) does not exist in the repository/,
    headline: 'A gem comes from git, and its repository has no revision $1 any more.',
    advice: 'It was rewritten. Run `bundle update` for that gem, commit Gemfile.lock.',
  },
  {
    id: 'gem-path-missing',
    pattern: /The path `([^`']+)` does not exist/,
    headline: 'Gemfile names the folder $1, which is no part of what was deployed.',
    advice: 'A folder beside the app does not travel: move it into the app, or take the gem from git.',
  },
  {
    id: 'header-missing-pg',
    pattern: /(pg_config is missing|libpq-fe\.h)/,
    headline: "PostgreSQL's headers are missing, with which a gem is compiled.",
    advice: 'The gem pg brings them. For another one add pg to Gemfile, or write libpq-dev into an Aptfile.',
  },
  {
    id: 'header-missing-mysql',
    pattern: /(mysql_config|mysql\.h is missing|mysql client is missing)/i,
    headline: "MySQL's headers are missing, with which a gem is compiled.",
    advice: 'The gem mysql2 brings them. For another one write default-libmysqlclient-dev into an Aptfile.',
  },
  {
    id: 'sqlite',
    pattern: /(sqlite3\.h|sqlite3-ruby|Error loading the 'sqlite3' Active Record adapter)/,
    headline: 'The app uses SQLite, which could not be built or loaded.',
    advice:
      'Files of a dyno vanish when it stops, those of SQLite too: add a database to the app, and move sqlite3 into the group :development.',
  },
  {
    id: 'header-missing',
    pattern: /fatal error: ([\w./-]+\.h): No such file/,
    headline: 'A gem is compiled with $1, which is not there.',
    advice: 'Write the Debian package that has it (its name ends in -dev) into an Aptfile.',
  },
  {
    id: 'native-extension',
    pattern: /An error occurred while installing ([\w.-]+ \([\w.]+\)), and Bundler\s+cannot\s+continue/,
    headline: 'The gem $1 could not be compiled.',
    advice:
      'What it lacks stands above, often a library: write its Debian package (lib…-dev) into an Aptfile. A newer version of the gem may come compiled.',
  },
  {
    id: 'bundler-version',
    pattern: /Could not find 'bundler' \(([\d.]+)\) required by/,
    headline: 'Gemfile.lock asks for Bundler $1, which is not there.',
    advice:
      'Run `bundle update --bundler` with the Bundler of the server’s Ruby, or remove BUNDLED WITH from Gemfile.lock.',
  },
  {
    id: 'psych-alias',
    pattern: /(?:Unknown alias: (\w+)|Alias parsing was not enabled)/,
    headline: 'A YAML file of the app uses aliases, which Ruby 3.1 and newer reject unless they are allowed.',
    advice: 'Update Rails to 6.1.5 or newer, or load the file with `aliases: true`.',
  },
  {
    id: 'logger-not-loaded',
    pattern: /uninitialized constant ActiveSupport::LoggerThreadSafeLevel::Logger/,
    headline: 'This version of Rails does not go with concurrent-ruby 1.3.5 or newer.',
    advice:
      "Add `gem 'concurrent-ruby', '< 1.3.5'` to Gemfile, or update Rails to 7.1 or newer. Then `bundle install`.",
  },
  {
    id: 'command-not-found',
    pattern: /bundler: command not found: (\S+)/,
    headline: 'No gem of the app has the program $1.',
    advice: 'Add the gem that has it to Gemfile, outside of the groups development and test. Then `bundle install`.',
  },
  {
    id: 'gem-only-in-development',
    pattern: /cannot load such file -- ([\w/.-]+)/,
    headline: "The app requires '$1', which is not installed.",
    advice:
      'Add the gem to Gemfile; if it is there, take it out of the groups development and test, which are left out (config var BUNDLE_WITHOUT).',
  },
]

/** What Rails and its asset pipelines say. */
export const assetFailures: readonly KnownFailure[] = [
  {
    id: 'assets-database',
    pattern:
      /(PG::ConnectionBad|ActiveRecord::(?:ConnectionNotEstablished|DatabaseConnectionError)|Mysql2::Error::ConnectionError|could not connect to server|connection to server at)/,
    headline: 'The app asks its database while assets are compiled, and there is none then.',
    advice:
      'Something reads a table when the app loads: often a model in an initializer, in routes or in a scope. Do it when it is needed.',
  },
  {
    id: 'assets-secret',
    pattern:
      /(Missing `secret_key_base`|Missing encryption key to decrypt|ActiveSupport::MessageEncryptor::InvalidMessage|InvalidMessage)/,
    headline: "Rails can't read the app's credentials.",
    advice: 'Set the config var RAILS_MASTER_KEY to what config/master.key on your machine has.',
  },
  {
    id: 'assets-env-missing',
    pattern: /KeyError: key not found: "([A-Z][A-Z\d_]*)"/,
    headline: 'The app wants the config var $1 when it loads.',
    advice: 'Set it, then deploy again.',
  },
  {
    id: 'assets-node-missing',
    pattern:
      /(Could not find a JavaScript runtime|Command (?:build|install) failed, ensure \S+ is installed|Yarn executable was not detected|(?:yarn|node|npm): (?:command )?not found|Command failed with status \(127\): \[(?:yarn|npm|npx|node|bun) )/,
    headline: 'The assets want Node.js, and the app has no package.json that asks for it.',
    advice: 'Add a package.json, or choose the buildpacks hearth/node and hearth/ruby, in this order.',
  },
  {
    id: 'assets-not-found',
    pattern:
      /(?:couldn't find file '|The asset ["']|Can't find stylesheet to import[\s\S]{0,300}@(?:use|import) ["'])([^'"\n]+)/,
    headline: 'A stylesheet or script of the app names a file that is not there: $1',
    advice: 'Check the name; upper and lower case count on a server. A file that .gitignore names does not travel.',
  },
  {
    id: 'assets-uglifier',
    pattern: /Uglifier::Error: (Unexpected (?:token|character)[^\n]*)/,
    headline: 'Uglifier can only read JavaScript of before 2015: $1',
    advice: 'Replace `uglifier` by `terser` in Gemfile and in config.assets.js_compressor.',
  },
  {
    id: 'assets-sass',
    pattern: /(?:SassC?::SyntaxError|Sass::CompileError|Dart Sass[^\n]*Error): ([^\n]*)/,
    headline: 'A stylesheet can not be compiled: $1',
    advice: 'File and line stand above.',
  },
  {
    id: 'assets-syntax',
    pattern: /SyntaxError: ([^\n]+)/,
    headline: "Ruby can't read a file of the app: $1",
    advice: 'Correct it. A newer syntax than the Ruby of the build has is not understood either.',
  },
  {
    id: 'assets-constant',
    pattern: /NameError: uninitialized constant (\S+)/,
    headline: 'The app uses $1 when it loads, which is not there in production.',
    advice: 'Add its gem outside of the groups development and test, or check the name of its file.',
  },
]
