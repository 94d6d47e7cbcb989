// The same desktop in Electron itself, where its binary is.
import { eventually } from '../../servers/eventually.ts'
import { build, makeHome, startElectron } from '../launch.ts'
import type { TakenApart } from './launch.ts'

export async function launchElectron(): Promise<TakenApart> {
  await using made = new AsyncDisposableStack()
  await build()
  const home = await makeHome(made)
  const { application, output } = await startElectron(home, made)
  let page = await application.firstWindow()
  const readPid = () =>
    application.evaluate(({ app }) => app.getAppMetrics().find(({ name }) => name === 'Hearth core')?.pid ?? 0)
  const owned = made.move()
  return {
    home,
    page: () => page,
    choose: (folder) =>
      application.evaluate(({ dialog }, path) => {
        dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [path] })
      }, folder),
    corePid: () => eventually(readPid, 30_000, 'no core runs'),
    async killCore() {
      process.kill(await readPid(), 'SIGKILL')
    },
    async crashPage() {
      const loaded = page.waitForEvent('domcontentloaded')
      await application.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
      )
      await loaded.catch(() => undefined)
      page = application.windows().at(-1) ?? page
    },
    async quit() {
      const ended = new Promise<number>((resolve) =>
        application.process().once('exit', (status) => resolve(status ?? 1)),
      )
      await application.evaluate(({ app }) => app.quit())
      return { status: await ended, output: output() }
    },
    close: () => owned.disposeAsync(),
  }
}
