import { create } from 'zustand'

/** What is typed into the ledger's search, for as long as its screen is shown. */
export const useLedgerSearch = create<{ typed: string }>(() => ({ typed: '' }))

export const searchLedger = (typed: string): void => useLedgerSearch.setState({ typed })

export const searchedLedger = (): string => useLedgerSearch.getState().typed.trim()
