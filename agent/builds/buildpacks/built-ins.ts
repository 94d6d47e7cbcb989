import type { KnownBuildpack } from '../../core/ports/builder.ts'

/**
 * In Heroku's order of detection (Ruby, Node.js, Clojure, Python, Java, Gradle, Scala, PHP, Go, then what Heroku detects no more),
 * with Heroku's names of what they stand in for.
 */
export const builtIns: readonly KnownBuildpack[] = [
  {
    name: 'hearth/node',
    language: 'Node.js',
    recognisedBy: 'package.json',
    aliases: ['heroku/nodejs', 'https://github.com/heroku/heroku-buildpack-nodejs'],
  },
  {
    name: 'hearth/python',
    language: 'Python',
    recognisedBy: 'requirements.txt, uv.lock, poetry.lock or Pipfile.lock',
    aliases: ['heroku/python', 'https://github.com/heroku/heroku-buildpack-python'],
  },
  {
    name: 'hearth/static',
    language: 'Static site',
    recognisedBy: 'index.html',
    aliases: ['heroku-community/static', 'https://github.com/heroku/heroku-buildpack-static'],
  },
]
