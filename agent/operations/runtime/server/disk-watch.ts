import type { PlatformPorts } from '../../platform.ts'
import type { PlatformSettings } from '../../settings.ts'
import type { Background } from '../background.ts'

interface WatchPorts extends Pick<PlatformPorts, 'machine' | 'report' | 'clock'> {
  readonly settings: PlatformSettings
  readonly background: Background
}

/** Tells the operator of a disk that fails, once, and again when it is well; users read of it in every answer. */
export function watchDisk({ machine, report, background, clock, settings }: WatchPorts): void {
  let told: string | null = null
  background.repeat('looking after the disk', { clock, everyMs: settings.diskLookMs }, async () => {
    const { problem } = (await machine.measure()).disk
    if (problem === told) return
    told = problem
    if (problem === null) report('The disk is well again', 'what is written to it arrives')
    else report('The disk fails: nothing can be changed, and what runs is served on', `the disk ${problem}`)
  })
}
