// `vite --config test/renderer/page/vite.config.ts`: the screens over the fake bridge.
import path from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react()],
  server: { fs: { allow: [path.join(import.meta.dirname, '../../..')] } },
  build: {
    outDir: path.join(import.meta.dirname, '../../../dist/renderer-page'),
    emptyOutDir: true,
    target: 'chrome130',
    chunkSizeWarningLimit: 4000,
  },
})
