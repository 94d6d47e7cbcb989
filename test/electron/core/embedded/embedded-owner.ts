// A desktop for the embedded server that a test can kill: opens it, and says when it runs.
import { EmbeddedServer } from '../../../../electron/core/embedded/embedded-server.ts'
import { startProgram } from '../../../../electron/exec/program.ts'

const [directory = '', agentBundle = ''] = process.argv.slice(2)
await EmbeddedServer.open({
  directory,
  agentBundle,
  nodeProgram: process.execPath,
  startProgram,
  onState: ({ state }) => console.log(state),
})
