// Runs in the build, once for each release: every page of site/ gets the frame, the rest is copied.
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'

const frame = await readFile('frame.html', 'utf8')
await rm('public', { recursive: true, force: true })
await mkdir('public')
for (const name of await readdir('site')) {
  if (!name.endsWith('.html')) {
    await cp(`site/${name}`, `public/${name}`)
    continue
  }
  const content = await readFile(`site/${name}`, 'utf8')
  const title = /<h1>(.*?)<\/h1>/.exec(content)?.[1] ?? name
  await writeFile(
    `public/${name}`,
    frame.replace('{title}', () => title).replace('{content}', () => content),
  )
  console.log(`made ${name}`)
}
