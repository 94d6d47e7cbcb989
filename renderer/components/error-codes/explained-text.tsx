import { errorCodeOf, findErrorCodes } from '../../lib/log/error-codes.ts'
import styles from './error-codes.module.css'
import { openErrorCodes } from './error-codes-dialog.tsx'

/** A text of the platform's in which each error code leads to what it means. */
export function ExplainedText({ text }: { text: string }) {
  const codes = findErrorCodes(text)
  return (
    <>
      {codes.map(({ code, start, end }, at) => (
        <span key={start}>
          {text.slice(codes[at - 1]?.end ?? 0, start)}
          <button
            type="button"
            className={styles.code}
            title={`${code}: ${errorCodeOf(code)?.title}. What it means, and what to do`}
            onClick={() => openErrorCodes(code)}
          >
            {text.slice(start, end)}
          </button>
        </span>
      ))}
      {text.slice(codes.at(-1)?.end ?? 0)}
    </>
  )
}
