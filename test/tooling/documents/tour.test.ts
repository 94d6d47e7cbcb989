import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../repository.ts'
import { picturesFolder, renderTour, stops, tourFile } from './tour.ts'

test('the tour shows every picture that there is, in both themes, and none that there is not', () => {
  const wanted = stops.flatMap(({ picture }) => [`${picture}-dark.png`, `${picture}-light.png`])
  expect(wanted.toSorted()).toEqual(readdirSync(path.join(root, picturesFolder)).toSorted())
})

test('the tour is as it would be made now: npm run docs', () => {
  expect(readFileSync(path.join(root, tourFile), 'utf8')).toBe(renderTour())
})
