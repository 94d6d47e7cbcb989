import { useState } from 'react'

/** A value, and while there is none the last that there was: what is shown stays until what follows it is there. */
export function useLast<T>(value: T | undefined): T | undefined {
  const [last, setLast] = useState(value)
  if (value !== undefined && value !== last) setLast(value)
  return value ?? last
}
