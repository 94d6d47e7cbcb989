import { TextInput } from '@mantine/core'
import { modals } from '@mantine/modals'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { type ErrorCode, errorCodes } from '../../lib/log/error-codes.ts'
import styles from './error-codes.module.css'

/** What the codes in a log mean and what to do; of one of them, or, where that is empty, all. */
export function openErrorCodes(code = ''): void {
  modals.open({ title: 'Error codes', size: 'lg', children: <ErrorCodes code={code} /> })
}

function ErrorCodes({ code }: { code: string }) {
  const [text, setText] = useState(code)
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const found = errorCodes.filter((each) => words.every((word) => textOf(each).includes(word)))
  return (
    <>
      <TextInput
        className={styles.search}
        aria-label="Search the error codes"
        placeholder="H12, memory, timeout…"
        leftSection={<IconSearch size={14} aria-hidden="true" />}
        value={text}
        data-autofocus
        spellCheck={false}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <dl className={styles.list}>
        {found.map((each) => (
          <div key={each.code} className={styles.entry}>
            <dt>
              <span className={`${styles.name} mono`}>{each.code}</span> {each.title}
            </dt>
            <dd>{each.meaning}</dd>
            <dd className={styles.remedy}>{each.remedy}</dd>
          </div>
        ))}
      </dl>
      <p className="dim" role="status" style={{ margin: '12px 0 0' }}>
        {sayFound(found.length)}
      </p>
    </>
  )
}

const textOf = ({ code, title, meaning, remedy }: ErrorCode): string =>
  `${code} ${title} ${meaning} ${remedy}`.toLowerCase()

function sayFound(count: number): string {
  if (count === 0) return 'No code says that. The codes are Heroku’s, with the same meaning.'
  if (count === errorCodes.length) return 'H: of the router. R: of dynos. L: of the log.'
  return `${count} of ${errorCodes.length}. Empty the search to see all.`
}
