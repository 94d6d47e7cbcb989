// npm run docs: writes the documents that are made from the code. A test says when that was forgotten.
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { documentFile, renderDocument } from './compatibility/document.ts'
import { readResults } from './compatibility/results.ts'
import { languagesFile, readLanguages, renderLanguages } from './languages.ts'
import { root } from './repository.ts'
import { renderTour, tourFile } from './tour.ts'

writeFileSync(path.join(root, documentFile), renderDocument(readResults()))
writeFileSync(path.join(root, tourFile), renderTour())
writeFileSync(path.join(root, languagesFile), renderLanguages(await readLanguages()))
console.log(`wrote ${documentFile}, ${tourFile} and ${languagesFile}`)
