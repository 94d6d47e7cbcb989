import { Button, Select } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { CallResult } from '../../../electron/bridge/contract.ts'
import { ErrorNotice } from '../../components/notices/error-notice.tsx'
import { Panel } from '../../components/page/panel.tsx'
import { useAction } from '../../lib/react/use-action.ts'
import { bridge } from '../../stores/bridge.ts'
import { setDropped } from '../../stores/dropped-folder.ts'
import { useLinkedForm } from '../../stores/linked-form.ts'
import styles from './git-panel.module.css'
import { PathField } from './path-field.tsx'

type Branches = CallResult<'git.branches'>

/** Deploys what is committed: a repository of this computer or elsewhere, and a branch of it. */
export function RepositoryPanel() {
  const { repository: linked } = useLinkedForm()
  const [location, setLocation] = useState(linked ?? '')
  const [found, setFound] = useState<Branches | null>(null)
  const [branch, setBranch] = useState<string | null>(null)
  const look = useAction(async (at: string) => {
    const branches = await bridge().call('git.branches', { location: at })
    setFound(branches)
    setBranch(branches.defaultBranch ?? branches.branches[0]?.name ?? null)
  })
  const checkOut = useAction(async (at: string, wanted: string) => {
    const { checkoutId, name, commit, subject } = await bridge().call('git.checkOut', { location: at, branch: wanted })
    const hint = `${wanted} at ${commit.slice(0, 10)}: ${subject}`
    useLinkedForm.setState({ repository: null })
    setDropped({ kind: 'folder', name, hint, folder: { kind: 'checkout', checkoutId } })
  })
  const change = (next: string) => {
    setLocation(next)
    setFound(null)
  }
  // A link that is followed while the form is on the screen.
  useEffect(() => {
    if (linked === null) return
    setLocation(linked)
    setFound(null)
  }, [linked])
  const dismiss = () => {
    useLinkedForm.setState({ repository: null })
    change('')
  }
  const choose = (path: string) => {
    change(path)
    void look.run(path)
  }
  const error = look.error ?? checkOut.error
  return (
    <Panel title="From a git repository" hint="deploys the newest commit of a branch" isFlush>
      {linked !== null && linked === location && (
        <div className={styles.linked} role="status">
          <span>
            <strong>A link asks to deploy this repository.</strong> Nothing of it is fetched before you say so: go on if
            you trust it.
          </span>
          <Button size="compact-xs" variant="subtle" color="gray" onClick={dismiss}>
            Dismiss
          </Button>
        </div>
      )}
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (found && branch) void checkOut.run(found.url, branch)
          else if (location.trim()) void look.run(location.trim())
        }}
      >
        <PathField
          label="Repository"
          placeholder="https://example.org/you/app.git, git@example.org:you/app.git or a folder"
          value={location}
          onChange={change}
          onChoose={choose}
        />
        {found && (
          <Select
            label="Branch"
            w={200}
            searchable
            allowDeselect={false}
            value={branch}
            onChange={setBranch}
            data={found.branches.map(({ name }) => name)}
          />
        )}
        <Button
          type="submit"
          variant="default"
          disabled={!location.trim()}
          loading={look.isRunning || checkOut.isRunning}
        >
          {found ? 'Look at it' : 'Find branches'}
        </Button>
      </form>
      <p className={styles.hint}>
        Git fetches it with your own access. Nothing of the repository runs on this computer; changes that are not
        committed stay here.
      </p>
      {error && (
        <div className={styles.notice}>
          <ErrorNotice
            error={error}
            onClose={() => {
              look.clearError()
              checkOut.clearError()
            }}
          />
        </div>
      )}
    </Panel>
  )
}
