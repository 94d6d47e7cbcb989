import { describe, expect, it } from 'vitest'
import { recogniseFailure } from '../../../buildpacks/lib/failures.ts'

const fallback = { id: 'unknown', headline: 'It failed.', advice: 'Look above.' }

describe('a failure that every language knows', () => {
  it.each([
    ['write /app/x: ENOSPC: no space left on device', 'out-of-disk', ''],
    ["OSError: [Errno 28] No space left on device: '/app/.venv'", 'out-of-disk', ''],
    ['npm error code SELF_SIGNED_CERT_IN_CHAIN', 'self-signed-certificate', ''],
    [
      'ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed',
      'self-signed-certificate',
      '',
    ],
    ['tls: failed to verify certificate: x509: certificate signed by unknown authority', 'self-signed-certificate', ''],
    ['getaddrinfo ENOTFOUND fonts.example.com', 'host-not-found', 'fonts.example.com'],
    [
      "fatal: unable to access 'https://git.example.com/': Could not resolve host: git.example.com",
      'host-not-found',
      'git.example.com',
    ],
    ['dial tcp: lookup proxy.example.org on 10.0.0.1:53: no such host', 'host-not-found', 'proxy.example.org'],
    [
      "Failed to resolve 'index.example.org' ([Errno -2] Name or service not known)",
      'host-not-found',
      'index.example.org',
    ],
    ['Host key verification failed.\nfatal: Could not read from remote repository.', 'git-host-key', ''],
    [
      "fatal: could not read Username for 'https://github.com': terminal prompts disabled",
      'git-login',
      'https://github.com',
    ],
    ['npm error network read ECONNRESET', 'connection-reset', 'ECONNRESET'],
    ["/lib/libc.so.6: version `GLIBC_2.38' not found", 'glibc-too-old', 'GLIBC_2.38'],
  ])('%j is %s', (output, id, part) => {
    const failure = recogniseFailure({ status: 1, output }, [], fallback)
    expect(failure.id).toBe(id)
    expect(failure.message).toContain(part)
  })

  it("is a language's own where that fits better", () => {
    const own = { id: 'own', pattern: /ECONNRESET by (\w+)/, headline: 'It was $1.', advice: 'Ask $1, and $1 again.' }
    const failure = recogniseFailure({ status: 1, output: 'ECONNRESET by peer' }, [own], fallback)
    expect(failure).toMatchObject({ id: 'own', message: 'It was peer.', advice: 'Ask peer, and peer again.' })
  })

  it('is the memory when the kernel killed a program, whatever it printed', () => {
    expect(recogniseFailure({ status: 137, output: 'ECONNRESET' }, [], fallback).id).toBe('out-of-memory')
  })

  it('is not invented', () => {
    expect(recogniseFailure({ status: 1, output: 'whatever' }, [], fallback).id).toBe('unknown')
  })

  it('stands in the output behind exclamation marks, without spaces at the end', () => {
    const text = recogniseFailure({ status: 1, output: '' }, [], fallback).render()
    expect(text).toBe('\n !     It failed.\n !\n !     Look above.\n !     (unknown)\n')
  })
})
