// What the preload finds where Electron would be, as a script that runs in a real page before the page's own. A port that
// the main process hands over is a real MessagePort here; its other end is carried out by `hearthToMain`.

/** The preload's own bundle, around it what it asks of Electron. */
export function renderPageShim(preload: string, origin: string): string {
  return `if (location.origin === ${JSON.stringify(origin)} && window === window.top) (${install})((require, module, exports) => {\n${preload}\n})`
}

/** Runs in the page, so it uses nothing from outside itself. */
const install = `(preload) => {
  const toMain = window.hearthToMain
  const listeners = new Map()
  const ports = new Map()
  const encode = (data) => data instanceof Uint8Array
    ? { bytes: btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join('')) }
    : { data }
  const decode = ({ data, bytes }) => bytes === undefined ? data : Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0))
  const openPort = (id) => {
    const { port1, port2 } = new MessageChannel()
    ports.set(id, port1)
    port1.onmessage = ({ data }) => toMain({ kind: 'port', id, ...encode(data) })
    port1.addEventListener('close', () => {
      if (ports.delete(id)) toMain({ kind: 'port-close', id })
    })
    return port2
  }
  Object.defineProperty(window, 'hearthFromMain', {
    value: (message) => {
      if (message.kind === 'ipc') {
        const event = { ports: message.ports.map(openPort) }
        for (const listener of listeners.get(message.channel) ?? []) listener(event)
      } else if (message.kind === 'port') ports.get(message.id)?.postMessage(decode(message))
      else {
        ports.get(message.id)?.close()
        ports.delete(message.id)
      }
    },
  })
  const electron = {
    contextBridge: { exposeInMainWorld: (name, door) => { window[name] = door } },
    ipcRenderer: {
      on: (channel, listener) => listeners.set(channel, [...(listeners.get(channel) ?? []), listener]),
      send: (channel, ...parameters) => toMain({ kind: 'ipc', channel, parameters }),
    },
    webUtils: { getPathForFile: () => '' },
  }
  const module = { exports: {} }
  preload(() => electron, module, module.exports)
}`
