import type { ServerDiagnostics } from '../../../contract/server/diagnostics.ts'

/** What whoever operates the server would look at: its services and their journal. */
export interface OperatorLog {
  read(): Promise<ServerDiagnostics>
}
