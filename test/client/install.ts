// Installs the stock clients: `npm test` begins this a few minutes before the tests that need them.
import { clientVersions, installClient } from './install-client.ts'

await Promise.all(clientVersions.map(installClient))
