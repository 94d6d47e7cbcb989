import { findFiles } from '../jvm/find-files.ts'
import { chooseJarProcess } from '../jvm/web-command.ts'
import type { DefaultProcess } from '../lib/buildpack.ts'
import { isThere } from '../lib/copy-tree.ts'
import type { Source } from '../lib/source.ts'
import { readPoms } from './pom.ts'

const runner = 'target/dependency/webapp-runner.jar'

export async function chooseProcesses(source: Source): Promise<DefaultProcess[]> {
  const web = (await chooseWar(source)) ?? (await chooseJarProcess(source, 'target', await readPoms(source)))
  return web ? [web] : []
}

/** A war is no program; webapp-runner, which Heroku's articles add to it, is a Tomcat that serves one. */
async function chooseWar({ app }: Source): Promise<DefaultProcess | null> {
  const [war] = await findWars(app)
  if (!war || !(await isThere(`${app}/${runner}`))) return null
  return { type: 'web', command: `java $JAVA_OPTS -jar ${runner} --port $PORT ${war}`, guessedFrom: war }
}

function findWars(app: string): Promise<string[]> {
  return findFiles(app, 'target/*.war')
}

/** Why an app that made a war, or a jar without a main class, has no web process. */
export async function explainNoWeb(source: Source): Promise<string | null> {
  if ((await chooseProcesses(source)).length > 0) return null
  const [war] = await findWars(source.app)
  if (war)
    return `The build made ${war}, which needs a server to run in. Add webapp-runner to pom.xml (com.heroku:webapp-runner, copied to ${runner} by maven-dependency-plugin), or package the app as a runnable jar.`
  const jars = await findFiles(source.app, 'target/*.jar')
  if (jars.length === 0) return null
  return `No jar in target names a main class, so it can't be started by itself. Make it runnable (spring-boot-maven-plugin, maven-shade-plugin), or write into a Procfile:\n  web: java $JAVA_OPTS -cp 'target/classes:target/dependency/*' com.example.Main`
}
