import { describe, expect, it } from 'vitest'
import { readModules } from '../../buildpacks/go/go-mod.ts'
import { chooseGo, findGoWish } from '../../buildpacks/go/version.ts'
import { chooseTasks, findGradleFloor, readBuildFiles } from '../../buildpacks/gradle/build-file.ts'
import { usesWrapper } from '../../buildpacks/java/maven.ts'
import { findPomFloor, findReactor, readPoms } from '../../buildpacks/java/pom.ts'
import { listFoldersUp } from '../../buildpacks/lib/source.ts'
import { renderModulesPath } from '../../buildpacks/node/profile.ts'
import { findPackage, findWorkspace } from '../../buildpacks/node/workspace.ts'
import { choosePackageManager } from '../../buildpacks/python/package-manager.ts'
import { findPythonWish } from '../../buildpacks/python/version.ts'
import { appOfEachTest } from './app-folder.ts'

const app = appOfEachTest()
const { write } = app

describe('an app that is a part of what was deployed', () => {
  it('looks up to the top and no further', async () => {
    const source = await write({ 'a/VERSION': '\uFEFF1', 'a/b/c/x': '' }, 'a/b/c')
    expect(listFoldersUp(source)).toEqual(['', '..', '../..', '../../..'])
    expect(await source.readNear('VERSION')).toBe('1')
    expect(await (await write({ 'a/b/VERSION': '2' }, 'a/b/c')).readNear('VERSION')).toBe('2')
    expect(await source.readNear('not-there')).toBeNull()
    expect(await source.read('VERSION')).toBeNull()
  })

  it('of Go is its own module, by the Go of the workspace above it', async () => {
    const files = { 'go.work': 'go 1.26\nuse ./api\n', 'services/api/go.mod': 'module api\ngo 1.22\n' }
    const modules = await readModules(await write(files, 'services/api'))
    expect(modules).toMatchObject({ module: 'api', folders: ['.'] })
    expect(chooseGo(await findGoWish(modules, new Map()), undefined).offer.version).toMatch(/^1\.26\./)
  })

  it('of Python has the lock file and the version of the workspace of uv above it, unless it has its own', async () => {
    const files = { 'uv.lock': '', '.python-version': '3.12\n', 'apps/api/pyproject.toml': '[project]\n' }
    const source = await write(files, 'apps/api')
    expect(await choosePackageManager(source)).toMatchObject({ name: 'uv', file: '../../uv.lock' })
    expect(await findPythonWish(source)).toEqual({ text: '3.12', from: '.python-version' })
    const own = await write({ 'apps/api/requirements.txt': '' }, 'apps/api')
    expect((await choosePackageManager(own)).name).toBe('pip')
  })

  it('of Gradle is read with what stands above it, without the other modules', async () => {
    const files = {
      'settings.gradle': "include 'services:api', 'other'",
      'build.gradle': 'java { toolchain { languageVersion = JavaLanguageVersion.of(17) } }',
      'services/api/build.gradle': "plugins { id 'application' }",
      'other/build.gradle': "plugins { id 'org.springframework.boot' }",
    }
    const text = await readBuildFiles(await write(files, 'services/api'))
    expect(findGradleFloor(text)).toMatchObject({ major: 17 })
    expect(chooseTasks(text, new Map())).toEqual(['installDist'])
  })

  it('of Maven is built from the outermost pom that has it as a module, by the wrapper there', async () => {
    const files = {
      mvnw: '',
      '.mvn/wrapper/maven-wrapper.properties': '',
      'pom.xml': '<project><modules><module>services</module></modules><java.version>21</java.version></project>',
      'services/pom.xml': '<modules><module>./api/</module><module>./other/pom.xml</module></modules>',
      'services/api/pom.xml': '<project><artifactId>api</artifactId></project>',
      'apart/pom.xml': '<project/>',
    }
    const source = await write(files, 'services/api')
    expect(await findReactor(source)).toBe('../..')
    expect(await usesWrapper(source)).toBe(true)
    expect(await findPomFloor(source)).toEqual({ major: 21, from: 'java.version in ../../pom.xml' })
    expect(await readPoms(source)).toContain('<module>services</module>')
    expect(await findReactor(await write(files, 'apart'))).toBe('')
  })

  it('of Node.js is installed in the workspace above it, unless it has a lock file of its own', async () => {
    const files = {
      'package.json': { workspaces: ['packages/*'] },
      'package-lock.json': {},
      'packages/api/package.json': { scripts: { start: 'node .' } },
    }
    const source = await write({ ...files, 'env/NODE_ENV': 'x' }, 'packages/api')
    const workspace = await findWorkspace(source)
    expect(workspace).toMatchObject({ app: app.path, configVars: new Map([['NODE_ENV', 'x']]) })
    expect(await findPackage(source.app, workspace)).toMatchObject({ folder: 'packages/api' })
    expect(renderModulesPath('../..')).toBe('$HOME/node_modules/.bin:$HOME/../../node_modules/.bin')
    const alone = await write({ 'packages/api/package-lock.json': {} }, 'packages/api')
    expect(await findPackage(alone.app, await findWorkspace(alone))).toBeNull()
  })
})
