import { expect, test } from 'vitest'
import {
  closePane,
  leastShare,
  mostPanes,
  moveEdge,
  onePane,
  type Pane,
  paneBeside,
  splitPane,
} from '../../../renderer/lib/panes/pane-layout.ts'

const idsOf = (panes: Pane[]) => panes.map(({ id }) => id).join()
const sharesOf = (panes: Pane[]) => panes.map(({ share }) => share)
const three = splitPane(splitPane(onePane('log'), '1', 'log'), '1', 'terminal')

test('a pane that is split gives half of its room to the new one at its right', () => {
  expect(three).toEqual([
    { id: '1', kind: 'log', share: 0.25 },
    { id: '3', kind: 'terminal', share: 0.25 },
    { id: '2', kind: 'log', share: 0.5 },
  ])
})

test('there is a most of panes, and a name that was freed is given again', () => {
  const four = splitPane(three, '2', 'log')
  expect(four).toHaveLength(mostPanes)
  expect(idsOf(splitPane(four, '1', 'log'))).toBe(idsOf(four))
  expect(idsOf(splitPane(closePane(four, '3'), '1', 'log'))).toBe('1,3,2,4')
})

test('the room of a closed pane goes to its neighbour, and the last one stays', () => {
  expect(sharesOf(closePane(three, '3'))).toEqual([0.5, 0.5])
  expect(sharesOf(closePane(three, '1'))).toEqual([0.5, 0.5])
  expect(closePane(onePane('log'), '1')).toEqual(onePane('log'))
})

test('an edge moves between two panes alone, and neither gets too narrow to read', () => {
  expect(sharesOf(moveEdge(three, 2, -0.05))).toEqual([0.25, 0.2, 0.55])
  expect(sharesOf(moveEdge(three, 2, -1))[1]).toBe(leastShare)
  expect(sharesOf(moveEdge(three, 2, 1))[2]).toBeCloseTo(leastShare)
  expect(sharesOf(moveEdge(three, 2, 1)).reduce((sum, share) => sum + share)).toBeCloseTo(1)
})

test('the way between panes is a circle', () => {
  expect(paneBeside(three, '2', 1)?.id).toBe('1')
  expect(paneBeside(three, '1', -1)?.id).toBe('2')
})
