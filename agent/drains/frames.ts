const newline = 0x0a
/** `2026-11-21T03:45:12.123456+00:00 app[web.1]: ` */
const prefix = /^(\S{32}) (app|heroku)\[([^\]\n]{1,200})\]: /

/**
 * Lines of a log in Heroku's drain format: each counted in bytes, as syslog over TCP wants (RFC 6587), and without the
 * structured data of RFC 5424, which Heroku leaves out.
 *
 *     83 <190>1 2026-11-21T03:45:12.123456+00:00 host app web.1 - State changed
 *
 * `host` stands for the drain over HTTPS, which has a header for its token; over syslog it is the token.
 * Source: https://devcenter.heroku.com/articles/log-drains
 */
export function renderFrames(lines: Uint8Array, host: string): { readonly bytes: Buffer; readonly count: number } {
  const all = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength)
  const frames: Buffer[] = []
  for (let start = 0; start < all.length; ) {
    const found = all.indexOf(newline, start)
    const end = found === -1 ? all.length : found
    frames.push(renderFrame(all.subarray(start, end), host))
    start = end + 1
  }
  return { bytes: Buffer.concat(frames), count: frames.length }
}

function renderFrame(line: Buffer, host: string): Buffer {
  const match = prefix.exec(line.subarray(0, 260).toString('latin1'))
  const [whole = '', time = '-', source = 'heroku', process = '-'] = match ?? []
  const head = `<${priority(source, process)}>1 ${time} ${host} ${source} ${process} - `
  const text = line.subarray(whole.length)
  const counted = Buffer.byteLength(head) + text.length + 1
  return Buffer.concat([Buffer.from(`${counted} ${head}`), text, Buffer.of(newline)])
}

/** As Heroku's: local7.info for apps, local3.info for the router, syslog.notice for the rest of the platform. */
function priority(source: string, process: string): number {
  if (source === 'app') return 190
  return process === 'router' ? 158 : 45
}
