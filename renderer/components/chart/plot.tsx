import 'uplot/dist/uPlot.min.css'
import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useRef } from 'react'
import UPlot from 'uplot'
import type { Chart } from './chart.ts'
import { plotData, plotOptions } from './plot-options.ts'

export interface Hover {
  readonly step: number
  /** Of the chart's box, from 0 to 1. */
  readonly across: number
}

interface PlotProps {
  chart: Chart
  height: number
  onHover: (hover: Hover | null) => void
}

const colorOf = (variable: string) => getComputedStyle(document.documentElement).getPropertyValue(variable).trim()

/** The drawing. It is loaded when a chart is first shown: no other screen should wait for it. */
export function Plot({ chart, height, onHover }: PlotProps) {
  const host = useRef<HTMLDivElement>(null)
  const plot = useRef<UPlot | null>(null)
  const scheme = useComputedColorScheme('light')
  const latest = useRef({ chart, onHover })
  latest.current = { chart, onHover }
  // New figures are put into the chart that is there; only another shape makes another one.
  const shape = JSON.stringify([
    chart.series.map(({ label, color }) => [label, color]),
    ...[chart.limits, chart.marks, height, scheme],
  ])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the shape stands for the chart
  useEffect(() => {
    const element = host.current
    if (!element) return
    const options = plotOptions(latest.current.chart, { width: element.clientWidth, height, colorOf })
    const made = new UPlot(
      withHover(options, (hover) => latest.current.onHover(hover)),
      plotData(latest.current.chart),
      element,
    )
    plot.current = made
    const resizing = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }))
    resizing.observe(element)
    return () => {
      resizing.disconnect()
      made.destroy()
      plot.current = null
    }
  }, [shape])
  useEffect(() => plot.current?.setData(plotData(chart)), [chart])
  return <div ref={host} style={{ height }} aria-hidden="true" />
}

function withHover(options: UPlot.Options, onHover: (hover: Hover | null) => void): UPlot.Options {
  const setCursor = ({ cursor, over, bbox }: UPlot) => {
    const { idx, left = -1 } = cursor
    if (idx === null || idx === undefined || left < 0) return onHover(null)
    const start = bbox.left / devicePixelRatio
    onHover({ step: idx, across: (start + left) / (start + over.clientWidth) })
  }
  return { ...options, hooks: { ...options.hooks, setCursor: [setCursor] } }
}
