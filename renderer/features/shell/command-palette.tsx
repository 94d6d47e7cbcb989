import { Spotlight, useSpotlight } from '@mantine/spotlight'
import { IconSearch } from '@tabler/icons-react'
import { useLayoutEffect, useMemo } from 'react'
import { start } from '../../commands/at-hand.ts'
import { ShortcutKeys } from '../../commands/menu/command-items.tsx'
import { paletteStore } from '../../commands/palette.ts'
import { type Entry, listEntries, searchEntries } from '../../commands/palette-search.ts'
import { words } from '../../commands/words.ts'
import { useResource } from '../../stores/resources.ts'
import { useRoute } from '../../stores/route.ts'
import styles from './shell.module.css'
import { frameWords } from './words.ts'

const listId = 'palette-entries'

/** Everything by name: what can be done here, apps, servers, and what can be done anywhere. */
export function CommandPalette() {
  const { query } = useSpotlight(paletteStore)
  return (
    <Spotlight.Root
      store={paletteStore}
      // Its key is the registry's, as every other.
      shortcut={null}
      attributes={{ content: { 'aria-label': words.desktop.palette.label } }}
      // Whoever types on at once must not lose letters to an animation.
      transitionProps={{ duration: 0 }}
      // A chosen screen takes the focus itself; after Escape it goes back as from everywhere.
      returnFocus={false}
      // Its top stays where it is while what it finds comes and goes.
      centered={false}
      yOffset="14vh"
      overlayProps={{ backgroundOpacity: 0.4, blur: 1, color: '#1a1310' }}
      scrollable
      maxHeight={420}
    >
      <Spotlight.Search
        // The dialog's own focus comes a moment later, when the first letters may have gone to the page behind.
        ref={focusAtOnce}
        placeholder={frameWords.searchAll}
        aria-label={frameWords.searchAll}
        leftSection={<IconSearch size={16} aria-hidden="true" />}
      />
      <Entries query={query.trim()} />
    </Spotlight.Root>
  )
}

const focusAtOnce = (input: HTMLInputElement | null) => input?.focus()

/** Drawn while the palette is open, and with it what it shows. */
function Entries({ query }: { query: string }) {
  const apps = useResource('apps.list', {}).data
  const servers = useResource('servers.list', {}).data
  const route = useRoute()
  const isSearching = query !== ''
  // biome-ignore lint/correctness/useExhaustiveDependencies: the entries are read from what these stand for
  const entries = useMemo(() => listEntries(isSearching), [isSearching, apps, servers, route])
  const found = useMemo(() => (isSearching ? searchEntries(entries, query) : entries), [isSearching, entries, query])
  // biome-ignore lint/correctness/useExhaustiveDependencies: once what was found is drawn
  useLayoutEffect(() => selectFirst(isSearching), [isSearching, found])
  const groups = Map.groupBy(found, ({ group }) => group)
  return (
    <Spotlight.ActionsList id={listId}>
      {isSearching
        ? found.map((entry) => <EntryLine key={entry.key} entry={entry} query={query} />)
        : [...groups].map(([group, members]) => (
            <Spotlight.ActionsGroup key={group} label={group}>
              {members.map((entry) => (
                <EntryLine key={entry.key} entry={entry} query={query} />
              ))}
            </Spotlight.ActionsGroup>
          ))}
      {found.length === 0 && <Spotlight.Empty>{frameWords.nothingFound}</Spotlight.Empty>}
    </Spotlight.ActionsList>
  )
}

/** Enter runs the best match of what is typed. Mantine marks one before the new list is drawn, which may take it away again. */
function selectFirst(isSearching: boolean): void {
  const list = document.getElementById(listId)
  for (const marked of list?.querySelectorAll('[data-selected]') ?? []) marked.removeAttribute('data-selected')
  if (isSearching) list?.querySelector('[data-action]')?.setAttribute('data-selected', 'true')
  paletteStore.updateState((state) => ({ ...state, selected: isSearching ? 0 : -1 }))
}

function EntryLine({ entry: { label, description, shortcut, offer }, query }: { entry: Entry; query: string }) {
  const { command, subject } = offer
  const obstacle = command.ask ? null : command.obstacle(subject)
  return (
    <Spotlight.Action
      label={label}
      description={obstacle ?? description}
      highlightQuery={query !== ''}
      classNames={{
        action: styles.entry ?? '',
        actionLabel: styles.entryLabel ?? '',
        actionDescription: styles.entryDescription ?? '',
      }}
      leftSection={<command.icon size={16} stroke={1.7} aria-hidden="true" />}
      rightSection={<ShortcutKeys shortcut={shortcut} />}
      aria-disabled={obstacle !== null}
      onClick={() => start(offer)}
    />
  )
}
