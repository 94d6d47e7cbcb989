/** What a code in an app's log stands for, and what to do about it. */
export interface ErrorCode {
  readonly code: string
  /** As Heroku and the log line call it. */
  readonly title: string
  readonly meaning: string
  readonly remedy: string
}

const entry = (code: string, title: string, meaning: string, remedy: string): ErrorCode => ({
  ...{ code, title, meaning, remedy },
})

/** All that a log can have (docs/router.md, docs/dynos.md): of the router, of dynos, of the log itself. */
export const errorCodes: readonly ErrorCode[] = [
  entry(
    'H10',
    'App crashed',
    'Every web dyno has crashed, or did while the request waited.',
    'Its last lines before that say why. It is started again by itself, after longer and longer waits; a release or a restart begins them anew.',
  ),
  entry(
    'H11',
    'Backlog too deep',
    'More than 200 requests wait for an answer from each web dyno.',
    'Run more web dynos, or find what makes the app slow.',
  ),
  entry(
    'H12',
    'Request timeout',
    'The dyno had the whole request, and sent nothing back for 30 s. It may still be at work on it.',
    'Do slow work in a worker, or begin to answer at once. A dyno that answers nobody for two minutes is replaced.',
  ),
  entry(
    'H13',
    'Connection closed without response',
    'The dyno took the request, and closed the connection without a word.',
    'See whether it crashed then. If not, its server may close kept connections too early: let it keep them for more than 90 s, or turn on No keep-alive to dynos in the settings.',
  ),
  entry(
    'H14',
    'No web processes running',
    'The formation has no web dyno.',
    'Move the slider of web above zero. Without such a row the Procfile has no process type web.',
  ),
  entry(
    'H15',
    'Idle connection',
    'An answer that had begun, or a websocket, was silent for 55 s.',
    'Send something more often than that: a ping, a comment line of an event stream.',
  ),
  entry(
    'H17',
    'Poorly formatted HTTP response',
    'What the dyno sent can’t be read as HTTP.',
    'It has to speak plain HTTP/1.1 on $PORT, not TLS: https ends at the router.',
  ),
  entry(
    'H18',
    'Server Request Interrupted',
    'The dyno closed the connection in the middle of its answer.',
    'See in the log whether it crashed or was replaced at that moment.',
  ),
  entry(
    'H19',
    'Backend connection timeout',
    'No dyno took the connection in 5 s.',
    'It is too busy to take any: run more web dynos, or find what blocks it.',
  ),
  entry(
    'H20',
    'App boot timeout',
    'The request waited 75 s for a web dyno, and none was up.',
    'Listen on $PORT first, and do slow work after that.',
  ),
  entry(
    'H21',
    'Backend connection refused',
    'Every dyno that was tried refused the connection.',
    'Its program runs but no longer listens on $PORT: its log may say since when.',
  ),
  entry(
    'H22',
    'Connection limit reached',
    'The router is full, and the network that this client comes from has more than its share of the connections.',
    'Of a flood nothing has to be done. If all visitors come through a proxy of yours, name it in HEARTH_PROXIES on the server.',
  ),
  entry(
    'H24',
    'Forced close',
    'The router was restarted, and this request had not ended after 30 s more.',
    'The client asks again; streams and websockets have to come back by themselves.',
  ),
  entry(
    'H25',
    'HTTP restriction',
    'The dyno’s answer is over a limit, which the line names: a cookie over 8 KB, a header line over 512 KB.',
    'Make it smaller.',
  ),
  entry(
    'H26',
    'Request Error',
    'The request is not proper HTTP; cause= says what is wrong. The app never saw it.',
    'It is the client’s to mend.',
  ),
  entry(
    'H27',
    'Client Request Interrupted',
    'The client went away before the answer had ended.',
    'Closed tabs make some. Where there are many, answers may be too slow to wait for.',
  ),
  entry(
    'H28',
    'Client Connection Idle',
    'The client sent nothing, or took nothing, for 55 s.',
    'It is the client’s network or program; the app can’t help it.',
  ),
  entry(
    'H31',
    'Misdirected Request',
    'A client used a connection of another host, whose certificate says nothing of this one.',
    'Browsers connect anew by themselves. Other programs have to.',
  ),
  entry(
    'H32',
    'TLS Certificate Mismatch',
    'Somebody wanted https for a domain of the app that has no certificate.',
    'Turn on automated certificates in the settings, or upload one.',
  ),
  entry(
    'H33',
    'HTTP/2 Stream Broken',
    'The client ended its request with an error.',
    'It is the client’s; the app can’t help it.',
  ),
  entry(
    'H34',
    'All up dynos are quarantined',
    'Every dyno refused connections and was left out for a while, again and again for 75 s.',
    'As for H21: its program runs but no longer listens on $PORT.',
  ),
  entry(
    'H80',
    'Maintenance mode',
    'The visitor got the maintenance page.',
    'Turn maintenance mode off in the settings when the work is done.',
  ),
  entry('H81', 'Blank app', 'Nothing has been deployed to the app.', 'Deploy to it.'),
  entry(
    'H99',
    'Platform error',
    'The server could not even try: it ran out of files, or the app is asleep and the agent that wakes it is away.',
    'It is Hearth’s or the server’s, not the app’s: the server’s screen and the journal of hearth-router say more.',
  ),
  entry(
    'R10',
    'Boot timeout',
    'The web dyno did not listen on $PORT within 60 s (90 s for the Java virtual machine), and was ended.',
    'Listen on the port that $PORT names, on 0.0.0.0 and not on localhost, and do slow work after that.',
  ),
  entry(
    'R12',
    'Exit timeout',
    'The dyno, or something that it had started, had not ended 30 s after SIGTERM, and was killed.',
    'End within the time given when SIGTERM comes: stop taking requests, finish those under way, exit.',
  ),
  entry(
    'R13',
    'Attach error',
    'Nobody opened a one-off dyno’s terminal within a minute, so it was forgotten.',
    'Run it again.',
  ),
  entry(
    'R14',
    'Memory quota exceeded',
    'The dyno uses more memory than its size grants.',
    'It serves on, and is ended if it grows to the limit of R15. Give it a larger size, or let it use less.',
  ),
  entry(
    'R15',
    'Memory quota vastly exceeded',
    'The dyno used twice the memory that its size grants (or what the server’s memoryMultiple says), and was ended.',
    'Give it a larger size, or let it use less.',
  ),
  entry(
    'R16',
    'Detached',
    'A one-off dyno had not ended 30 s after its terminal was closed, and was killed.',
    'Let its program end on SIGHUP, or run what takes long without a terminal.',
  ),
  entry(
    'R17',
    'Checksum error',
    'The slug on the server’s disk is not what was built, so it was not started.',
    'Deploy again: the files on the server are not those that were built.',
  ),
  entry(
    'L10',
    'Output buffer overflow',
    'More was written than the log, or a drain, takes: the lines beyond that were dropped and counted.',
    'Write less: 50,000 lines a second are taken.',
  ),
  entry(
    'L11',
    'Tail buffer overflow',
    'This reader of the log was too slow, and lines were left out for it. They are in the history.',
    'Nothing: it is about who reads, not about the app.',
  ),
  entry(
    'L13',
    'Local delivery error',
    'A drain does not take the app’s lines. They wait as far as there is room.',
    'See whether its other side is up, and whether its address is right.',
  ),
  entry(
    'L14',
    'Certificate validation error',
    'A drain’s other side shows a certificate that this server does not trust. The lines wait as far as there is room.',
    'Let it show one of a known authority that names its host and has not expired.',
  ),
]

const byCode = new Map(errorCodes.map((each) => [each.code, each]))

export const errorCodeOf = (code: string): ErrorCode | null => byCode.get(code) ?? null

/** Where the platform says one: `code=H12`, `Error R14 (...)`, `... its memory limit (R15)`. An app's own words are none. */
const told = /(?:\bcode=|\bError |\()([HRL]\d\d)\b/g

export interface FoundCode {
  readonly code: string
  readonly start: number
  /** After its last character. */
  readonly end: number
}

export function findErrorCodes(text: string): FoundCode[] {
  return [...text.matchAll(told)].flatMap(({ 0: match, 1: code = '', index }) => {
    const end = index + match.length
    return byCode.has(code) ? [{ code, start: end - code.length, end }] : []
  })
}
