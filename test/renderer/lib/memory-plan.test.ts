import { expect, test } from 'vitest'
import { type MemoryRoom, planMemory, sayFormation } from '../../../renderer/lib/apps/memory-plan.ts'

const gigabyte = 1024 ** 3
const bytesOf = (size: string) => ({ small: gigabyte / 4, standard: gigabyte / 2, huge: gigabyte * 4 })[size] ?? null
const room: MemoryRoom = { bytesOf, availableBytes: 5 * gigabyte, usedBytes: gigabyte / 8 }
const three = { quantity: 3, size: 'standard' }

test('more dynos take what their size grants, those that run stay as they are', () => {
  expect(planMemory(three, { quantity: 5, size: 'standard' }, room)).toEqual({
    needsBytes: gigabyte,
    leftBytes: 5 * gigabyte,
    isOver: false,
    text: '+2 standard: up to 1 GB of 5 GB available',
  })
})

test('fewer dynos give memory back and are never too much', () => {
  const full = { ...room, availableBytes: 0 }
  expect(planMemory(three, { quantity: 1, size: 'standard' }, full)).toMatchObject({
    isOver: false,
    text: '−2 standard: gives back up to 1 GB',
  })
})

test('another size replaces every dyno, and what the old ones use comes free', () => {
  expect(planMemory(three, { quantity: 3, size: 'small' }, room)).toMatchObject({
    text: '3 × small: up to 768 MB of 5.1 GB available',
  })
})

test('what may take more than is left is over', () => {
  expect(planMemory(three, { quantity: 13, size: 'standard' }, room)?.isOver).toBe(false)
  expect(planMemory(three, { quantity: 14, size: 'standard' }, room)?.isOver).toBe(true)
  expect(planMemory({ quantity: 2, size: 'standard' }, { quantity: 2, size: 'huge' }, room)?.isOver).toBe(true)
})

test('nothing is called too much while the server does not tell what is left, and nothing is guessed of an unknown size', () => {
  const unknown = { ...room, availableBytes: null }
  expect(planMemory(three, { quantity: 99, size: 'standard' }, unknown)).toMatchObject({
    isOver: false,
    leftBytes: null,
  })
  expect(planMemory(three, { quantity: 4, size: 'odd' }, room)).toBeNull()
})

test('a formation is told as what it may use beside what its server has', () => {
  const server = { name: 'atlas', availableBytes: 5 * gigabyte, totalBytes: 8 * gigabyte }
  expect(sayFormation([three, { quantity: 1, size: 'huge' }], bytesOf, server)).toBe(
    '4 dynos may use up to 5.5 GB. atlas has 5 GB of 8 GB left.',
  )
  expect(sayFormation([{ quantity: 0, size: 'small' }], bytesOf, null)).toBe('No dynos.')
  expect(sayFormation([{ quantity: 1, size: 'odd' }], bytesOf, server)).toBeNull()
})
