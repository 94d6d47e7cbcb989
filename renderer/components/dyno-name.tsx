/** `web.1`: where there is too little room, the type gives way and the number stays, since it tells dynos apart. */
export function DynoName({ name }: { name: string }) {
  const dot = name.lastIndexOf('.')
  return (
    <span title={name} style={{ display: 'inline-flex', minWidth: 0, maxWidth: '100%' }}>
      <span className="truncate">{dot < 0 ? name : name.slice(0, dot)}</span>
      {dot >= 0 && <span style={{ flex: 'none' }}>{name.slice(dot)}</span>}
    </span>
  )
}
