import { expect, it } from 'vitest'
import { imageFor, imagesOf, renderImages } from '../../../../agent/core/builds/image-reference.ts'

it.each([
  'shop',
  'team/shop:1.2',
  'registry.example/team/shop:1',
  'localhost:5000/shop',
  '[fd00::5]:5000/shop:1',
  `shop@sha256:${'0'.repeat(64)}`,
  `10.0.0.1:5000/a/b/c:v1@sha256:${'f'.repeat(64)}`,
])('%s is an image', (name) => {
  expect(imagesOf(`docker://${name}`)).toEqual({ images: [{ type: 'web', reference: name }], isWhole: true })
})

it.each([
  '',
  '--help',
  'Shop',
  'shop:',
  'shop:1 --tls-verify=false',
  'a//b',
  '../x',
  'shop@sha256:12',
  'x'.repeat(600),
])('%j is none', (name) => {
  expect(() => imagesOf(`docker://${name}`)).toThrow('is no name of an image')
})

it('other sources are no images', () => {
  expect(imagesOf('https://example.com/shop.tgz')).toBeNull()
})

it('several images say what each is to run, of a registry or as it was pushed', () => {
  const images = [
    { type: 'web', reference: `registry.example:5000/shop:1@sha256:${'f'.repeat(64)}` },
    { type: 'release', reference: `sha256:${'a'.repeat(64)}` },
  ]
  expect(imagesOf(renderImages(images))).toEqual({ images, isWhole: false })
})

it.each([
  ['images:', 'does not say which process type'],
  ['images:shop', 'does not say which process type'],
  ['images:we b=shop', 'does not say which process type'],
  ['images:web=--help', 'is no name of an image'],
  ['images:web=shop,web=shop:2', "web can't run two images"],
])('%s is refused, and the reason told', (url, reason) => {
  expect(() => imagesOf(url)).toThrow(reason)
})

it('a process type runs in its image, and whatever else in the first', () => {
  const images = ['web', 'worker'].map((type) => ({
    folder: type,
    processTypes: [type],
    reference: type,
    digest: '',
    environment: {},
    directory: '/',
    uid: 1,
    home: '/',
  }))
  expect(imageFor({ images }, 'worker')?.folder).toBe('worker')
  expect(imageFor({ images }, 'run')?.folder).toBe('web')
  expect(imageFor({ images: [] }, 'web')).toBeNull()
})
