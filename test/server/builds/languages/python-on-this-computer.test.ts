import { randomUUID } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { openWorkshop } from '../../../agent/builds/workshop.ts'

// No network: nothing is asked for, and Python is this machine's own.
describe('a Python app on this computer', () => {
  it('is built by the Python that is there, and told what else would have taken it', async () => {
    const workshop = await openWorkshop()
    try {
      const folder = path.join(workshop.directory, 'plain')
      await mkdir(folder)
      const files = {
        'requirements.txt': '',
        'go.mod': '',
        'bin/post_compile': 'python -c "import sys; print(sys.prefix)"',
      }
      await mkdir(path.join(folder, 'bin'))
      for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text)
      const app = { id: randomUUID(), name: 'sample' }
      const url = await workshop.send(folder, app.id)
      const built = await workshop.builder.build(workshop.request(url, { app }), new AbortController().signal)
      expect(built).toMatchObject({ description: 'Python', layers: [] })
      expect(workshop.lastOutput).toContain("-----> Using this computer's own python3")
      expect(workshop.lastOutput).toContain('It also looks like Go (go.mod).')
      expect(workshop.lastOutput).toMatch(/Running bin\/post_compile\n {7}\S+\/\.venv\n/)
      expect(workshop.lastOutput).toContain('Nothing says how to start the app: add a Procfile')
    } finally {
      await workshop.close()
    }
  })
})
