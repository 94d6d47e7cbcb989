import type { ServerDiagnostics } from '../../contract/diagnostics.ts'

/** What whoever operates the server would look at: its services and their journal. */
export interface OperatorLog {
  read(): Promise<ServerDiagnostics>
}
