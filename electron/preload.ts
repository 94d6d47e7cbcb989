// Runs in the sandboxed window before the page. It exposes functions, never ipcRenderer and never an event object.
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { NativeDoor } from './bridge/contract.ts'

const channel = 'hearth-bridge'

// The port travels from the main process to the page in one hop; a page message is the only way a port can cross.
ipcRenderer.on(channel, (event) => {
  window.postMessage(channel, window.location.origin, [...event.ports])
})

const door: NativeDoor = {
  pathForFile: (file) => webUtils.getPathForFile(file),
  openBridge: () => ipcRenderer.send(channel),
}

contextBridge.exposeInMainWorld('hearthNative', door)
