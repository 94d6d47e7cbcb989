import path from 'node:path'
import { defineConfig } from 'vitest/config'

// Apart from `npm test`: it installs electron-builder and copies some 300 MB.
export default defineConfig({
  test: {
    root: path.join(import.meta.dirname, '..'),
    include: ['test/packaging/installers.run.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
})
