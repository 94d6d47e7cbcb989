import { expect, test } from 'vitest'
import { readAptfile } from '../../../agent/builds/buildpacks/aptfile.ts'

test('an Aptfile names packages, one or several a line, with comments', () => {
  const text = '# for pictures\nlibvips42 libvips-dev\r\n\nffmpeg # and films\n'
  expect(readAptfile(text)).toEqual({ packages: ['libvips42', 'libvips-dev', 'ffmpeg'], others: [] })
})

test('other sources than those of the stack are told apart', () => {
  const others = [':repo:deb https://example.com/apt stable main', 'https://example.com/tool_1.0_amd64.deb']
  expect(readAptfile(`${others.join('\n')}\njq\n`)).toEqual({ packages: ['jq'], others })
})
