/** The sign of the product: an arch with a fire in it. */
export function HearthMark({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path d="M3 21V11.5a9 9 0 0 1 18 0V21h-3.2v-9.3a5.8 5.8 0 0 0-11.6 0V21Z" fill="var(--h-text)" opacity="0.9" />
      <path
        d="M12.2 9.8c.5 2.2 3 3.4 3 6.4A3.3 3.3 0 0 1 12 19.6a3.3 3.3 0 0 1-3.2-3.4c0-1.5.7-2.3 1.3-3.2.4.5.6.8 1 1.2.6-1.2 1.2-2.4 1.1-4.4Z"
        fill="var(--mantine-color-ember-5)"
      />
    </svg>
  )
}
