import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import '@mantine/spotlight/styles.css'
import './styles/global.css'
import { createRoot } from 'react-dom/client'
import { openBridge } from './api.ts'
import { keepBridgeOpen } from './stores/bridge.ts'
import { Workspace } from './workspace.tsx'

const root = document.getElementById('root')
if (root) createRoot(root).render(<Workspace />)
void keepBridgeOpen(openBridge, new AbortController().signal)
