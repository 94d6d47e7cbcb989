import { expect, it } from 'vitest'
import { renderSystems, type SystemResult } from '../systems/render-systems.ts'

const steps = { install: 41.24, deploy: 5, redeploy: 2, reboot: 3, 'roll back': 0.5 }
const debian: SystemResult = { system: 'Debian 12', user: 'root', systemd: '252', steps, failure: null }
const page = '# Systems\n\n<!-- results -->\n<!-- end of results -->\n\nMore.\n'

it('puts results between its marks, and keeps those of systems that were not tried this time', () => {
  const first = renderSystems(page, [debian])
  expect(first).toContain('\n| Debian 12 | 252 | root | 41.2 | 5.0 | 2.0 | 3.0 | 0.5 | works |\n')
  const ubuntu: SystemResult = { ...debian, system: 'Ubuntu 24.04', systemd: '255', steps: {}, failure: 'no way | out' }
  const both = renderSystems(first, [ubuntu, { ...debian, user: 'debian' }])
  expect(
    both
      .split('\n')
      .filter((line) => /^\| [A-Z]/.test(line))
      .map((line) => line.slice(0, 46)),
  ).toEqual([
    '| Debian 12 | 252 | a user with sudo | 41.2 | ',
    '| Debian 12 | 252 | root | 41.2 | 5.0 | 2.0 | ',
    '| Ubuntu 24.04 | 255 | root | - | - | - | - | ',
  ])
  expect(renderSystems(both, [{ ...ubuntu, failure: null }])).toContain(
    '| Ubuntu 24.04 | 255 | root | - | - | - | - | - | works |',
  )
  expect(both.startsWith('# Systems\n')).toBe(true)
  expect(both.endsWith('<!-- end of results -->\n\nMore.\n')).toBe(true)
})
