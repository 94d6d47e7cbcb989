import { Skeleton, Stack } from '@mantine/core'

/** The shape of a list before its first answer. */
export function LoadingRows({ rows = 3, height = 36 }: { rows?: number; height?: number }) {
  const keys = Array.from({ length: rows }, (_, at) => `row-${at}`)
  return (
    <Stack gap={8} p={14} role="status" aria-label="Loading">
      {keys.map((key, at) => (
        <Skeleton key={key} height={height} radius="md" width={`${100 - at * 7}%`} />
      ))}
    </Stack>
  )
}
