import { SegmentedControl } from '@mantine/core'
import type { MetricsSpan } from '../../../electron/bridge/contract.ts'
import { chooseSpan, useSpan } from '../../stores/span.ts'

const spans: { value: MetricsSpan; label: string }[] = [
  { value: '1h', label: '1 h' },
  { value: '24h', label: '24 h' },
  { value: '7d', label: '7 d' },
]

export function SpanSwitch() {
  const { span } = useSpan()
  return (
    <SegmentedControl
      aria-label="How far back"
      size="xs"
      value={span}
      onChange={(chosen) => chooseSpan(chosen as MetricsSpan)}
      data={spans}
    />
  )
}
