import { expect, it } from 'vitest'
import { explainImageFailure } from '../../../../agent/builds/images/explain-failure.ts'

// What podman 4.3 to 5.4 says, as it was seen.
it.each([
  [
    'Error: building at STEP "RUN npm ci": while running runtime: exit status 254',
    'RUN npm ci failed with status 254.',
  ],
  [
    'Error: building at STEP "COPY gone.txt /": checking on sources under "/hearth/source": copier: stat: "/gone.txt": no such file or directory',
    'COPY gone.txt / failed: gone.txt is not in the source.',
  ],
  [
    'Error: building at STEP "COPY a.txt /": no items matching glob "/hearth/source/a.txt" copied (1 filtered out using /hearth/source/.dockerignore): no such file or directory',
    'COPY found a.txt excluded by .dockerignore.',
  ],
  [
    'Error: initializing source docker://reg.example/shop:9: reading manifest 9 in reg.example/shop: manifest unknown: manifest unknown',
    'There is no image reg.example/shop:9 in its registry.',
  ],
  [
    'Error: initializing source docker://reg.example/shop:1: reading manifest 1 in reg.example/shop: unauthorized: authentication required',
    'The registry wants a login for reg.example/shop:1, or there is no such image.',
  ],
  [
    'Error: initializing source docker://reg.example/shop:1: pinging container registry reg.example: Get "https://reg.example/v2/": dial tcp: lookup reg.example on 10.0.0.1:53: no such host',
    'The registry reg.example is not known: no such host.',
  ],
  [
    'Error: initializing source docker://10.0.0.9:5000/shop:1: pinging container registry 10.0.0.9:5000: Get "https://10.0.0.9:5000/v2/": dial tcp 10.0.0.9:5000: connect: connection refused',
    'The registry 10.0.0.9:5000 could not be reached.',
  ],
  [
    'Error: initializing source docker://10.0.0.9:5000/shop:1: pinging container registry 10.0.0.9:5000: Get "https://10.0.0.9:5000/v2/": http: server gave HTTP response to HTTPS client',
    'The registry 10.0.0.9:5000 speaks http only.',
  ],
  [
    'Error: choosing an image from manifest list docker://shop:1: no image found in manifest list for architecture amd64, variant "", OS linux',
    'The image is not made for this server (amd64).',
  ],
  [
    'Error: writing blob: storing blob to file "/var/tmp/storage1": happened during read: unexpected EOF',
    'The connection to the registry broke before the image was there.',
  ],
  ['Error: committing container: writing blob: write /x: no space left on device', "The server's disk became full."],
])('%s', (said, told) => {
  const [first] = explainImageFailure(`STEP 1/2: FROM x\n${said}\n`)?.split('\n') ?? []
  expect(first).toBe(told)
})

it('what is not known is not explained', () => {
  expect(explainImageFailure('Error: something else\n')).toBeNull()
})
