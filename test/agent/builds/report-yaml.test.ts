import { expect, it } from 'vitest'
import { parseReport } from '../../../agent/builds/buildpacks/report-yaml.ts'

it('reads a flat map of YAML, as buildpacks print it', () => {
  const text = `---
# versions
node_version: 24.21.0
"package_manager": 'npm'
install_duration: 3.25
cache_status: "re\\"used"
url: https://example.com/a: b
is_default: true
empty:
nothing: null
`
  expect(parseReport(text)).toEqual({
    node_version: '24.21.0',
    package_manager: 'npm',
    install_duration: '3.25',
    cache_status: 're"used',
    url: 'https://example.com/a: b',
    is_default: 'true',
  })
})

it('reads JSON, which is YAML too', () => {
  expect(parseReport('{"python": "3.13.1", "packages": 12, "cached": false, "deep": {"a": 1}, "none": null}')).toEqual({
    python: '3.13.1',
    packages: '12',
    cached: 'false',
  })
})

it('takes nothing that is nested, unnamed, endless or no map', () => {
  const long = 'x'.repeat(2000)
  const text = `list: [1, 2]\nmap:\n  inner: 1\ntext: |\n  more\n- item\nodd name: 1\n${long}: 1\nlong: ${long}\ncolour: \u001b[31mred`
  expect(parseReport(text)).toEqual({ long: 'x'.repeat(500), colour: 'red' })
  expect(parseReport('not a map')).toEqual({})
  expect(parseReport('{"broken": ')).toEqual({})
  const many = Array.from({ length: 5000 }, (_, at) => `fact_${at}: 1`).join('\n')
  expect(Object.keys(parseReport(many))).toHaveLength(100)
})
