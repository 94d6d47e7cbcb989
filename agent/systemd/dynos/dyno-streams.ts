import { chown } from 'node:fs/promises'
import path from 'node:path'
import type { TerminalKind } from '../../contract/dynos/terminal.ts'
import { createFifos, openFifo, openFifoForWriting } from '../../exec/fifo.ts'
import { openPty, type TerminalSize } from '../../exec/pty.ts'
import { toReadableStream, toWritableStream } from '../../exec/web-streams.ts'
import type { DynoEnds } from './systemd-dyno.ts'
import type { DynoStreams } from './unit-properties.ts'

interface OpenedStreams {
  /** As the unit names them. */
  readonly streams: DynoStreams
  readonly ends: DynoEnds
}

export interface StreamsPlace {
  readonly folder: string
  /** Owns them, since a dyno may open its own output again by name. */
  readonly uid: number
  /** The dyno is in a container, or inside one. */
  readonly isContained: boolean
}

/** Makes a dyno's standard streams in its folder. */
export async function openStreams(terminal: TerminalKind | null, place: StreamsPlace): Promise<OpenedStreams> {
  const { folder, uid, isContained } = place
  if (terminal === null) return await openLog(folder, uid)
  if (terminal.kind === 'pty') return openTerminal(terminal, isContained)
  return await openPipes(folder, uid, terminal.areErrorsApart)
}

/** For a dyno that is not started after all. */
export function discardEnds(ends: DynoEnds): void {
  ends.release()
  ends.log?.release()
  ends.log?.stream.destroy()
  void ends.terminal?.output.cancel()
  void ends.terminal?.errors?.cancel()
}

function openTerminal(size: TerminalSize, isContained: boolean): OpenedStreams {
  const pty = openPty(size)
  // A container has a terminal of its own, for which this one is a mere pipe, even for what is typed before it starts.
  if (isContained) pty.stream.setRawMode(true)
  const terminal = {
    input: toWritableStream(pty.stream),
    output: toReadableStream(pty.stream),
    errors: null,
    resize: (columns: number, rows: number) => pty.resize({ columns, rows }),
  }
  return {
    streams: { kind: 'terminal', ttyPath: pty.slavePath },
    ends: { log: null, terminal, release: pty.releaseSlave },
  }
}

async function openLog(folder: string, uid: number): Promise<OpenedStreams> {
  const outputPath = path.join(folder, 'output')
  await createOwnFifos(uid, outputPath)
  return {
    streams: { kind: 'log', outputPath },
    ends: { log: openFifo(outputPath), terminal: null, release: () => {} },
  }
}

async function openPipes(folder: string, uid: number, areErrorsApart: boolean): Promise<OpenedStreams> {
  const [inputPath, outputPath] = [path.join(folder, 'input'), path.join(folder, 'output')]
  const errorPath = areErrorsApart ? path.join(folder, 'errors') : outputPath
  await createOwnFifos(uid, ...new Set([inputPath, outputPath, errorPath]))
  const input = openFifoForWriting(inputPath)
  const output = openFifo(outputPath)
  const errors = areErrorsApart ? openFifo(errorPath) : null
  const terminal = {
    input: toWritableStream(input.stream),
    output: toReadableStream(output.stream),
    errors: errors && toReadableStream(errors.stream),
    resize: () => {},
  }
  const release = () => {
    for (const end of [input, output, errors]) end?.release()
    input.stream.destroy()
  }
  return {
    streams: { kind: 'pipes', inputPath, outputPath, errorPath },
    ends: { log: null, terminal, release },
  }
}

async function createOwnFifos(uid: number, ...paths: string[]): Promise<void> {
  await createFifos(...paths)
  await Promise.all(paths.map((each) => chown(each, uid, uid)))
}
