/** One line of an app's merged log. */
export interface LogLine {
  /** Unix time in milliseconds. */
  readonly at: number
  /** `heroku` for the platform; `app` for what dynos write, and for what people did (`app[api]`), as on Heroku. */
  readonly source: 'app' | 'heroku'
  /** `web.1`, `router`, `api` */
  readonly process: string
  /** Without the newline, bytes as written. */
  readonly text: Uint8Array
}

export interface LogFilter {
  readonly source?: 'app' | 'heroku' | undefined
  /** A dyno's name or a process type. */
  readonly process?: string | undefined
}

/** What somebody wants to read of one app's log. */
export interface LogReading {
  /** So many of the last lines first. */
  readonly lines: number
  /** The id of the last line that the reader has: it gets all that came after that one, and `lines` does not count. */
  readonly after?: string | undefined
  /** And then what happens, until closed. */
  readonly tail: boolean
  readonly filter: LogFilter
  /** `text`: `<ISO time> <source>[<process>]: <text>\n`. `events`: the same as server-sent events, each line with its id. */
  readonly format?: 'text' | 'events' | undefined
}

/** A reader of one app's log; iterates its lines in batches. */
export interface LogReader extends AsyncIterable<Uint8Array> {
  close(): void
}

/** A piece of an app's history, some thousand lines that were written after one another. */
export interface LogSegment {
  /** Counts up; a segment keeps its number for as long as it is kept. */
  readonly id: number
  /** When its first line was written, as it stands before that line. */
  readonly since: string
  /** Of the newest one more may come. */
  readonly lines: number
}

export interface LogSearch {
  /** Words or quoted phrases that are all there, after a minus that are not; large and small are the same. Empty: every line. */
  readonly text: string
  readonly filter: LogFilter
  /** Only in segments before this one. */
  readonly before?: number | undefined
}

export interface LogMatches {
  /** Newest segment first; of each the lines, counted from 0. */
  readonly found: { readonly segment: number; readonly lines: number[] }[]
  /** Older segments have not been looked at: `before` of the next search. Null when all have. */
  readonly before: number | null
}

/** Who writes: an old and a new `web.1` may do so at once, and their lines must not run into each other. */
export interface LoggedDyno {
  readonly id: string
  /** `web.1` */
  readonly name: string
}

/** Merged logs, the last 1,500 lines of each app at hand and a longer history on disk, both kept across restarts. */
export interface LogStore {
  /** What a dyno wrote, in pieces of any size; split into lines here, a long line cut at 10,000 bytes. */
  writeOutput(appId: string, dyno: LoggedDyno, bytes: Uint8Array): void
  /** A line of the platform: `heroku[router]`, `heroku[web.1]`, `app[api]`. */
  writeLine(appId: string, process: string, text: string): void
  /** The dyno is gone: its last line may have no newline. */
  endOutput(appId: string, dynoId: string): void
  /**
   * History first, then what happens. A reader that falls behind by more than its bound loses lines and gets one that says how
   * many (`heroku[logplex]: Error L11 ...`), and one that was away for longer than the log keeps is told too.
   */
  read(appId: string, reading: LogReading): LogReader
  /** What the history has, oldest first. */
  history(appId: string): Promise<LogSegment[]>
  /** The lines of one segment, each with its newline; null when there is none of that number any more. */
  readSegment(appId: string, segment: number): Promise<string | null>
  /** Looks from the newest lines back, as far as one answer takes. */
  search(appId: string, search: LogSearch): Promise<LogMatches>
  destroyApp(appId: string): Promise<void>
  /** Writes what is buffered. */
  close(): Promise<void>
}
