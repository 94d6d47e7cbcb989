import { createTheme, type MantineColorsTuple } from '@mantine/core'

// Glowing coal: the one accent. Step 7 on white and step 3 on the dark ground both pass 4.5:1.
const ember: MantineColorsTuple = [
  '#fff3ed',
  '#ffe1d3',
  '#ffc3a8',
  '#ffa07a',
  '#f88156',
  '#ec6a3c',
  '#d9542a',
  '#bd4320',
  '#96351b',
  '#73291a',
]

// Warm greys (ash) in place of the stock blue ones; `dark` runs from text to the deepest ground.
const ash: MantineColorsTuple = [
  '#faf9f7',
  '#f4f2ef',
  '#eae7e3',
  '#dcd8d2',
  '#c2bcb4',
  '#9d968d',
  '#6f6860',
  '#56504a',
  '#393530',
  '#221f1c',
]
const soot: MantineColorsTuple = [
  '#ece8e3',
  '#c9c3bb',
  '#a8a097',
  '#857d75',
  '#45403a',
  '#332f2a',
  '#282420',
  '#1c1917',
  '#161412',
  '#100e0d',
]

const sans =
  'system-ui, -apple-system, "Segoe UI Variable Text", "Segoe UI", Inter, Cantarell, "Noto Sans", "DejaVu Sans", sans-serif'
export const mono =
  'ui-monospace, "SF Mono", "Cascadia Mono", "JetBrains Mono", Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace'

/** What a finger or a trembling hand still hits (WCAG 2.2, 2.5.8). */
const leastTarget = '24px'

const small = { defaultProps: { size: 'xs' } }
const overlay = { backgroundOpacity: 0.4, blur: 1, color: '#1a1310' }

export const theme = createTheme({
  primaryColor: 'ember',
  primaryShade: { light: 7, dark: 7 },
  colors: { ember, gray: ash, dark: soot },
  white: '#ffffff',
  black: '#1d1a17',
  fontFamily: sans,
  fontFamilyMonospace: mono,
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.4' },
  headings: {
    fontFamily: sans,
    fontWeight: '620',
    sizes: {
      h1: { fontSize: '20px', lineHeight: '1.3' },
      h2: { fontSize: '14px', lineHeight: '1.4' },
      h3: { fontSize: '13px', lineHeight: '1.4' },
    },
  },
  defaultRadius: 'md',
  radius: { xs: '3px', sm: '5px', md: '7px', lg: '10px', xl: '14px' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  components: {
    Button: {
      defaultProps: { size: 'xs' },
      styles: { root: { fontWeight: 550 } },
      vars: (_theme: unknown, { size }: { size?: unknown }) => ({
        root: size === 'compact-xs' ? { '--button-height': leastTarget } : {},
      }),
    },
    ActionIcon: { defaultProps: { size: 28, variant: 'subtle', color: 'gray' } },
    TextInput: small,
    PasswordInput: small,
    NumberInput: small,
    Textarea: small,
    Select: { defaultProps: { size: 'xs', comboboxProps: { shadow: 'md' } } },
    SegmentedControl: {
      ...small,
      styles: { label: { minHeight: leastTarget, display: 'flex', alignItems: 'center', justifyContent: 'center' } },
    },
    Switch: { defaultProps: { size: 'sm' }, vars: () => ({ root: { '--switch-height': leastTarget } }) },
    Tooltip: { defaultProps: { openDelay: 350, withArrow: false, fz: 'xs' } },
    Modal: {
      defaultProps: {
        centered: true,
        overlayProps: overlay,
        radius: 'lg',
        closeButtonProps: { 'aria-label': 'Close' },
      },
      styles: { title: { fontSize: '15px', fontWeight: 620 } },
    },
    // Its placeholder for the first focus is no item, and a menu may have nothing else in it (WAI-ARIA).
    Menu: { defaultProps: { shadow: 'md', position: 'bottom-end', withInitialFocusPlaceholder: false } },
    Badge: {
      defaultProps: { radius: 'sm', size: 'sm', variant: 'light' },
      styles: { label: { textTransform: 'none' } },
    },
    Table: { defaultProps: { fz: 'sm' } },
    Loader: { defaultProps: { size: 14, type: 'oval' } },
  },
})
