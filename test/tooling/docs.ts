// npm run docs: writes the documents that are made from the code. A test says when that was forgotten.
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { documentFile, renderDocument } from './documents/compatibility/document.ts'
import { readResults } from './documents/compatibility/results.ts'
import { languagesFile, readLanguages, renderLanguages } from './documents/languages.ts'
import { renderTour, tourFile } from './documents/tour.ts'
import { root } from './repository.ts'

writeFileSync(path.join(root, documentFile), renderDocument(readResults()))
writeFileSync(path.join(root, tourFile), renderTour())
writeFileSync(path.join(root, languagesFile), renderLanguages(await readLanguages()))
console.log(`wrote ${documentFile}, ${tourFile} and ${languagesFile}`)
