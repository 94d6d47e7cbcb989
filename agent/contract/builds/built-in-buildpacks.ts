/** A buildpack that every server brings along. */
export interface KnownBuildpack {
  /** `hearth/node` */
  readonly name: string
  /** `Node.js` */
  readonly language: string
  /** What its apps have in their top folder, in words: `package.json`. */
  readonly recognisedBy: string
  /** Each of these files alone, from the top folder, makes its detect take the app: what a desktop can tell before a deploy. */
  readonly files: readonly string[]
  /** Other names that mean it: Heroku's. */
  readonly aliases: readonly string[]
  /** Takes what an app of any language may have, so it is no other choice worth naming where one of those fits. */
  readonly isLastResort?: boolean
}

/**
 * In Heroku's order of detection (Ruby, Node.js, Clojure, Python, Java, Gradle, Scala, PHP, Go, then what Heroku detects no more),
 * with Heroku's names of what they stand in for.
 */
export const builtIns: readonly KnownBuildpack[] = [
  {
    name: 'hearth/ruby',
    language: 'Ruby',
    recognisedBy: 'Gemfile',
    files: ['Gemfile'],
    aliases: ['heroku/ruby', 'https://github.com/heroku/heroku-buildpack-ruby'],
  },
  {
    name: 'hearth/node',
    language: 'Node.js',
    recognisedBy: 'package.json',
    files: ['package.json'],
    aliases: ['heroku/nodejs', 'https://github.com/heroku/heroku-buildpack-nodejs'],
  },
  {
    name: 'hearth/clojure',
    language: 'Clojure',
    recognisedBy: 'project.clj or deps.edn',
    files: ['project.clj', 'deps.edn'],
    aliases: ['heroku/clojure', 'https://github.com/heroku/heroku-buildpack-clojure'],
  },
  {
    name: 'hearth/python',
    language: 'Python',
    recognisedBy: 'requirements.txt, uv.lock, poetry.lock or Pipfile.lock',
    files: [
      'requirements.txt',
      'Pipfile',
      'Pipfile.lock',
      'poetry.lock',
      'uv.lock',
      'pyproject.toml',
      'setup.py',
      'manage.py',
      'app.py',
      'main.py',
      'server.py',
      'runtime.txt',
      '.python-version',
    ],
    aliases: ['heroku/python', 'https://github.com/heroku/heroku-buildpack-python'],
  },
  {
    name: 'hearth/java',
    language: 'Java',
    recognisedBy: 'pom.xml',
    files: ['pom.xml', 'pom.atom', 'pom.clj', 'pom.groovy', 'pom.rb', 'pom.scala', 'pom.yaml', 'pom.yml'],
    aliases: ['heroku/java', 'https://github.com/heroku/heroku-buildpack-java'],
  },
  {
    name: 'hearth/gradle',
    language: 'Gradle',
    recognisedBy: 'gradlew',
    files: ['gradlew', 'build.gradle', 'build.gradle.kts', 'settings.gradle', 'settings.gradle.kts'],
    aliases: ['heroku/gradle', 'https://github.com/heroku/heroku-buildpack-gradle'],
  },
  {
    name: 'hearth/scala',
    language: 'Scala',
    recognisedBy: 'build.sbt',
    files: ['build.sbt', 'project/build.properties'],
    aliases: ['heroku/scala', 'https://github.com/heroku/heroku-buildpack-scala'],
  },
  {
    name: 'hearth/php',
    language: 'PHP',
    recognisedBy: 'composer.json',
    files: ['composer.json', 'index.php'],
    aliases: ['heroku/php', 'https://github.com/heroku/heroku-buildpack-php'],
  },
  {
    name: 'hearth/go',
    language: 'Go',
    recognisedBy: 'go.mod or go.work',
    files: ['go.mod', 'go.work'],
    aliases: ['heroku/go', 'https://github.com/heroku/heroku-buildpack-go'],
  },
  {
    name: 'hearth/static',
    language: 'Static site',
    recognisedBy: 'index.html',
    files: [
      'static.json',
      'Staticfile',
      'index.html',
      'public/index.html',
      'public_html/index.html',
      'dist/index.html',
      'build/index.html',
      '_site/index.html',
    ],
    aliases: ['heroku-community/static', 'https://github.com/heroku/heroku-buildpack-static'],
    isLastResort: true,
  },
]
