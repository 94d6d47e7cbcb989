// The renderer's build only; tests have vitest.config.ts, which vitest prefers to this file.
import path from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const root = import.meta.dirname

export default defineConfig({
  root: path.join(root, 'renderer'),
  // Relative, so that the same files load from the desktop's own scheme and from the browser shell's port.
  base: './',
  plugins: [react()],
  build: {
    outDir: path.join(root, 'dist/renderer'),
    emptyOutDir: true,
    // Mantine and xterm in one file: loaded from the local disk, where a warning about its size helps nobody.
    chunkSizeWarningLimit: 4000,
  },
})
