import type { Language } from '../lib/language.ts'

export const language: Language = {
  name: 'Static site',
  buildpack: 'hearth/static',
  detectedBy: [
    'static.json',
    'Staticfile',
    'index.html',
    'public/index.html',
    'public_html/index.html',
    'dist/index.html',
    'build/index.html',
    '_site/index.html',
  ],
  versions: {
    byDefault:
      'the server of files that Hearth brings along, on the Node.js that every server has from its installation',
    sources: ['none'],
    available:
      'It answers HEAD, ranges and conditional requests, packs with gzip and Brotli, tags files by their content, hides dotfiles, and ' +
      'lets browsers keep files that have a digest in their name. An app of Node.js whose build leaves an index.html in dist, build, out, ' +
      '_site or .output/public, and that says nothing of how to start it, is served likewise.',
  },
  managers: [],
  cache: { kept: 'nothing', droppedBy: 'nothing' },
  sameEachTime: 'yes',
  processes: [
    { type: 'web', of: '"root" in static.json, or in Staticfile', command: 'the server over that folder' },
    { type: 'web', of: 'the first of the folders above with an index.html', command: 'the server over that folder' },
  ],
  hooks: [
    'static.json: root, clean_urls, routes (single-page apps: `{ "/**": "index.html" }`), redirects, headers, error_page, https_only, basic_auth',
  ],
  configVars: [
    {
      name: 'BASIC_AUTH_USERNAME, BASIC_AUTH_PASSWORD',
      meaning: 'the login of a site; with basic_auth in static.json, or by themselves',
    },
  ],
  failures: [],
  limits: ['canonical_host and Ruby templates in static.json, websockets through its proxies'],
}
