import { z } from 'zod'
import { HearthError } from '../../contract/errors.ts'
import { quoteWords } from '../../core/shell-words.ts'
import { parseInspected, splitAssignments } from './inspected.ts'

/** What `podman image inspect` tells of one image, as far as it is used. */
const inspected = z.array(
  z.looseObject({
    Digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
    Architecture: z.string(),
    Os: z.string(),
    Config: z.looseObject({
      Env: z.array(z.string()).nullish(),
      Entrypoint: z.array(z.string()).nullish(),
      Cmd: z.array(z.string()).nullish(),
      WorkingDir: z.string().nullish(),
      ExposedPorts: z.record(z.string(), z.unknown()).nullish(),
    }),
  }),
)

export interface ImageFacts {
  readonly digest: string
  /** `linux/amd64` */
  readonly platform: string
  readonly environment: Readonly<Record<string, string>>
  readonly directory: string
  readonly entrypoint: readonly string[]
  /** Entry point and arguments as a command line; null when it has neither. */
  readonly command: string | null
  /** `3000/tcp` */
  readonly exposed: readonly string[]
  readonly uid: number
  readonly home: string
}

/** `inspection`: JSON of podman's; `user`: two lines, the number of its user and the home that is there. */
export function readImageFacts(inspection: string | null, user: string | null): ImageFacts {
  const [image] = inspected.safeParse(parseInspected(inspection)).data ?? []
  const [uid, home = ''] = (user ?? '').split('\n')
  if (!image || !/^[1-9]\d{0,8}$/.test(uid ?? ''))
    throw new HearthError('build_failed', 'What podman says of the image is not understood.')
  const { Env, Entrypoint, Cmd, WorkingDir, ExposedPorts } = image.Config
  const entrypoint = Entrypoint ?? []
  const words = [...entrypoint, ...(Cmd ?? [])]
  const directory = WorkingDir || '/'
  return {
    digest: image.Digest,
    platform: `${image.Os}/${image.Architecture}`,
    environment: parseEnvironment(Env ?? []),
    directory,
    entrypoint,
    command: words.length === 0 ? null : quoteWords(words),
    exposed: Object.keys(ExposedPorts ?? {}),
    uid: Number(uid),
    home: home || directory,
  }
}

/** A command of heroku.yml goes through the image's entry point, as at Heroku. */
export function throughEntrypoint(entrypoint: readonly string[], command: string): string {
  return entrypoint.length === 0 ? command : quoteWords([...entrypoint, '/bin/sh', '-c', command])
}

function parseEnvironment(assignments: readonly string[]): Record<string, string> {
  return Object.fromEntries(splitAssignments(assignments).filter(([name]) => /^[A-Za-z_]\w*$/.test(name)))
}
