import type uPlot from 'uplot'
import { axisSteps, formatFigure } from '../../lib/metrics/figure.ts'
import { findLonely, stackUp } from '../../lib/metrics/series.ts'
import type { Chart } from './chart.ts'

const day = 24 * 3600
const clock = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const weekday = new Intl.DateTimeFormat('en', { weekday: 'short' })
const font = '11px system-ui, sans-serif'
const limitDash = [4, 4]

/** The numbers as uPlot takes them: a stack is drawn by its tops. */
export function plotData({ times, series, isStacked }: Chart): uPlot.AlignedData {
  const values = series.map((one) => one.values)
  return [times, ...(isStacked ? stackUp(values) : values)] as unknown as uPlot.AlignedData
}

/** `colorOf` gives what a variable of the style sheet stands for now. */
export function plotOptions(
  chart: Chart,
  { width, height, colorOf }: { width: number; height: number; colorOf: (variable: string) => string },
): uPlot.Options {
  const grid = { stroke: colorOf('--h-line'), width: 1 }
  const axis = { stroke: colorOf('--h-dim'), font, ticks: { show: false } }
  const incrs = axisSteps(chart.unit)
  return {
    width,
    height,
    padding: [8, 20, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
    scales: { x: { time: true }, y: { range: (_, __, highest) => [0, topOf(chart, highest)] } },
    axes: [
      { ...axis, grid: { show: false }, size: 22, space: 64, values: (_, splits) => formatTimes(chart, splits) },
      {
        ...axis,
        grid,
        size: 58,
        space: 34,
        ...(incrs && { incrs }),
        values: (_, splits) => splits.map((value) => formatFigure(chart.unit, value)),
      },
    ],
    series: [{}, ...chart.series.map((one, index) => plotSeries(chart, index, colorOf(one.color)))],
    bands: chart.isStacked
      ? chart.series.slice(1).map((one, index) => ({
          series: [index + 2, index + 1] as [number, number],
          fill: fillOf(chart, colorOf(one.color)),
        }))
      : [],
    hooks: {
      draw: [
        (plot) => drawLimits(plot, chart, colorOf('--h-dim')),
        (plot) => drawMarks(plot, chart, { line: colorOf('--h-accent'), label: colorOf('--h-dim') }),
      ],
    },
  }
}

function plotSeries(chart: Chart, index: number, color: string): uPlot.Series {
  const isBottom = index === 0 && (chart.isStacked || chart.series.length === 1)
  return {
    stroke: color,
    // A layer without anything in it would still colour the edge of the stack.
    width: chart.isStacked ? 0 : 1.5,
    spanGaps: false,
    ...(isBottom && { fill: fillOf(chart, color) }),
    points: {
      show: !chart.isStacked || index === 0,
      size: 4,
      fill: color,
      // What stands alone between two gaps has no line to be seen by.
      filter: (plot, series) => findLonely([...(plot.data[series] ?? [])].map((value) => value ?? null)),
    },
  }
}

/** Under a line the grid stays in sight. The colours of the style sheet are `#rrggbb`. */
const fillOf = ({ isStacked }: Chart, color: string): string => `${color}${isStacked ? 'c0' : '30'}`

function topOf({ limits = [] }: Chart, highest: number | null): number {
  const top = Math.max(highest ?? 0, ...limits.map(({ value }) => value))
  return top > 0 ? top * 1.08 : 1
}

function formatTimes({ times }: Chart, splits: readonly number[]): string[] {
  const isLong = (times.at(-1) ?? 0) - (times[0] ?? 0) > 2 * day
  return splits.map((second) => {
    const date = new Date(second * 1000)
    return isLong ? `${weekday.format(date)} ${date.getDate()}` : clock.format(date)
  })
}

function drawLimits(plot: uPlot, { limits = [] }: Chart, color: string): void {
  const { ctx, bbox } = plot
  ctx.save()
  ctx.strokeStyle = color
  ctx.fillStyle = color
  ctx.lineWidth = devicePixelRatio
  ctx.setLineDash(limitDash.map((length) => length * devicePixelRatio))
  ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`
  ctx.textAlign = 'right'
  for (const { label, value } of limits) {
    const y = Math.round(plot.valToPos(value, 'y', true))
    ctx.beginPath()
    ctx.moveTo(bbox.left, y)
    ctx.lineTo(bbox.left + bbox.width, y)
    ctx.stroke()
    ctx.fillText(label, bbox.left + bbox.width, y + 13 * devicePixelRatio)
  }
  ctx.restore()
}

/** A name needs so much room, in CSS pixels; of two that stand closer the newer one has it. */
const markRoom = 34

function drawMarks(
  plot: uPlot,
  { marks = [], limits = [] }: Chart,
  { line, label: text }: { line: string; label: string },
): void {
  const { ctx, bbox } = plot
  ctx.save()
  ctx.strokeStyle = line
  ctx.fillStyle = text
  ctx.lineWidth = devicePixelRatio
  ctx.setLineDash([1, 3].map((length) => length * devicePixelRatio))
  ctx.font = `${10.5 * devicePixelRatio}px system-ui, sans-serif`
  const room = markRoom * devicePixelRatio
  // At the top, unless a limit is drawn there.
  const y = limits.length > 0 ? bbox.top + bbox.height - 5 * devicePixelRatio : bbox.top + 9 * devicePixelRatio
  let taken = Number.POSITIVE_INFINITY
  for (const { label, time } of marks.toSorted((one, other) => other.time - one.time)) {
    const x = Math.round(plot.valToPos(time, 'x', true))
    if (x < bbox.left || x > bbox.left + bbox.width) continue
    ctx.beginPath()
    ctx.moveTo(x, bbox.top)
    ctx.lineTo(x, bbox.top + bbox.height)
    ctx.stroke()
    const isAtEnd = x + room > bbox.left + bbox.width
    const start = isAtEnd ? x - room : x
    if (start + room > taken) continue
    ctx.textAlign = isAtEnd ? 'right' : 'left'
    ctx.fillText(label, x + (isAtEnd ? -4 : 4) * devicePixelRatio, y)
    taken = start
  }
  ctx.restore()
}
