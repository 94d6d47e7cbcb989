import { app, type WebContents } from 'electron'
import { isPage } from './page-protocol.ts'
import { openExternal } from './window.ts'

/**
 * No page of ours ever leaves its place, whatever creates it: guards are set as contents come to be, not by whoever opens a
 * window. Web links go to the user's browser, other schemes nowhere.
 */
export function guardAllContents(): void {
  app.on('web-contents-created', (_event, contents) => guard(contents))
}

function guard(contents: WebContents): void {
  // The first of each pair is for the window's own frame, the others for frames within and for where a server sends one.
  contents.on('will-navigate', (details) => keepOnPage(details))
  contents.on('will-frame-navigate', (details) => keepOnPage(details))
  contents.on('will-redirect', (details) => keepOnPage(details))
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    void openExternal(url)
    return { action: 'deny' }
  })
}

function keepOnPage(details: { readonly url: string; preventDefault(): void }): void {
  if (!isPage(details.url)) details.preventDefault()
}
