import { VisuallyHidden } from '@mantine/core'
import { lazy, Suspense, useId, useState } from 'react'
import { formatFigure } from '../../lib/metrics/figure.ts'
import { isKnown, summarize } from '../../lib/metrics/series.ts'
import styles from './chart.module.css'
import type { Chart } from './chart.ts'
import type { Hover } from './plot.tsx'

/** It comes when a chart is first shown, or before when the window has nothing else to do. */
export const loadPlot = () => import('./plot.tsx')
const Plot = lazy(async () => ({ default: (await loadPlot()).Plot }))
const height = 148
const moment = new Intl.DateTimeFormat('en', {
  ...{ month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' },
  hourCycle: 'h23',
})

interface TimeChartProps {
  chart: Chart
  /** Instead of the drawing, where there is nothing to draw. */
  empty: string
}

/** A chart with what it shows as a legend of the newest figures, and as a table for screen readers. */
export function TimeChart({ chart, empty }: TimeChartProps) {
  const id = useId()
  const [hover, setHover] = useState<Hover | null>(null)
  const hasFigures = chart.series.some(({ values }) => isKnown(values))
  return (
    <figure className={styles.chart} aria-labelledby={id}>
      <figcaption className={styles.head}>
        <h3 id={id} className={styles.title}>
          {chart.title}
        </h3>
        {chart.hint && <span className={styles.hint}>{chart.hint}</span>}
      </figcaption>
      {hasFigures ? (
        <>
          <div className={styles.plot} style={{ height }}>
            <Suspense>
              <Plot chart={chart} height={height} onHover={setHover} />
            </Suspense>
            {hover && <Tip chart={chart} hover={hover} />}
          </div>
          <Legend chart={chart} />
          <SummaryTable chart={chart} />
        </>
      ) : (
        <p className={styles.empty} style={{ height }}>
          {empty}
        </p>
      )}
    </figure>
  )
}

/** What is where the pointer is. */
function Tip({ chart, hover: { step, across } }: { chart: Chart; hover: Hover }) {
  const time = chart.times[step]
  if (time === undefined) return null
  const place =
    across < 0.5 ? { left: `calc(${across * 100}% + 12px)` } : { right: `calc(${(1 - across) * 100}% + 12px)` }
  return (
    <div className={styles.tip} style={place} aria-hidden="true">
      <div className={styles.when}>{moment.format(time * 1000)}</div>
      {chart.series.toReversed().map(({ label, color, values }) => (
        <div key={label} className={styles.row}>
          <span className={styles.swatch} style={{ background: `var(${color})` }} />
          <span className="truncate">{label}</span>
          <b className="num">{show(chart, values[step] ?? null)}</b>
        </div>
      ))}
      {marksOf(chart, step).map(({ label, description }) => (
        <div key={label} className={styles.mark}>
          <b>{label}</b> {description}
        </div>
      ))}
    </div>
  )
}

/** What happened at the step or just beside it: nobody hits one of some hundred. */
function marksOf({ times, marks = [] }: Chart, step: number) {
  const [time = 0, first = 0, second = 0] = [times[step], times[0], times[1]]
  const near = 3 * (second - first)
  return marks.filter((mark) => Math.abs(mark.time - time) <= near)
}

function Legend({ chart }: { chart: Chart }) {
  return (
    <div className={styles.legend} aria-hidden="true">
      {chart.series.map(({ label, color, values }) => (
        <span key={label} className={styles.key}>
          <span className={styles.swatch} style={{ background: `var(${color})` }} />
          <span className="truncate">{label}</span>
          <span className={`${styles.now} num`}>{show(chart, summarize(values)?.last ?? null)}</span>
        </span>
      ))}
    </div>
  )
}

function SummaryTable({ chart }: { chart: Chart }) {
  return (
    <VisuallyHidden>
      <table>
        <caption>
          {chart.title}
          {chart.limits?.map(({ label }) => `, ${label}`)}
          {chart.marks?.map(({ label, time }) => `, ${label} at ${moment.format(time * 1000)}`)}
        </caption>
        <thead>
          <tr>
            <th scope="col">Series</th>
            <th scope="col">Newest</th>
            <th scope="col">Average</th>
            <th scope="col">Highest</th>
          </tr>
        </thead>
        <tbody>
          {chart.series.map(({ label, values }) => {
            const summary = summarize(values)
            return (
              <tr key={label}>
                <th scope="row">{label}</th>
                <td>{show(chart, summary?.last ?? null)}</td>
                <td>{show(chart, summary?.average ?? null)}</td>
                <td>{show(chart, summary?.highest ?? null)}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </VisuallyHidden>
  )
}

const show = ({ unit }: Chart, value: number | null) => (value === null ? 'not known' : formatFigure(unit, value))
