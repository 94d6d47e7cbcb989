import { formatAgo, formatMoment } from '../lib/format.ts'
import { useNow } from '../lib/react/use-now.ts'

/** A moment as people say it, with the exact one on the pointer. */
export function Ago({ at }: { at: string }) {
  const now = useNow(30_000)
  return (
    <time dateTime={at} title={formatMoment(at)} className="num">
      {formatAgo(at, now)}
    </time>
  )
}
