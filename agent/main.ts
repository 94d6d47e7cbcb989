import { HearthError } from './contract/errors.ts'
import { giveBackMemoryWhenIdle } from './idle-memory.ts'
import { openJournal } from './journal.ts'

const help = `hearth-agent: runs apps on this server

  serve [--runner systemd|process] [--name NAME] [--state DIR] [--run DIR] [--keys DIR]
        [--router-port PORT] [--router-workers COUNT] [--router-directory DIR] [--registry URL]
  router [the same options]    the HTTP router, a process of its own
  stack [the same options]     makes the stack that builds and dynos run on
  connect KEYID                the forced command of an SSH key
  keys add|remove ID|list      who may log in; add reads a public key
  activate VERSION             makes a version that was sent the current one, or goes back
  download                     fetches what standard input names, for the agent itself
  version
`

const journal = openJournal((text) => process.stderr.write(text))

/** Each command loads what it needs and nothing more: the router's memory is measured. */
async function run(command: string | undefined, parameters: string[]): Promise<void> {
  switch (command) {
    case 'serve': {
      const { runServe } = await import('./run-serve.ts')
      const agent = await runServe(parameters, journal)
      giveBackMemoryWhenIdle()
      closeOnSignal(() => agent.close())
      return
    }
    case 'router': {
      const { runRouter } = await import('./run-router.ts')
      const router = await runRouter(parameters, journal)
      giveBackMemoryWhenIdle()
      closeOnSignal(() => router.close())
      return
    }
    case 'stack': {
      const { runStack } = await import('./run-stack.ts')
      await runStack(parameters)
      return
    }
    case 'connect': {
      const { runConnect } = await import('./run-connect.ts')
      await runConnect(parameters)
      return
    }
    case 'keys': {
      const { runKeys } = await import('./run-keys.ts')
      await runKeys(parameters)
      return
    }
    case 'activate': {
      const { runActivate } = await import('./run-activate.ts')
      await runActivate(parameters, journal)
      return
    }
    case 'download': {
      const { runDownload } = await import('./run-download.ts')
      await runDownload()
      return
    }
    // A unit of the agent's, not a command for people.
    case 'names': {
      const { runNames } = await import('./run-names.ts')
      await runNames(parameters)
      return
    }
    // A thread of `serve`, not a command for people.
    case 'stand-in': {
      const { runStandIn } = await import('./run-stand-in.ts')
      await runStandIn()
      return
    }
    case 'version': {
      const { readVersion } = await import('./version.ts')
      console.log(JSON.stringify(readVersion()))
      return
    }
    case 'help':
    case undefined:
      process.stdout.write(help)
      return
    default:
      throw new HearthError('bad_request', `There is no command ${command}.\n\n${help}`)
  }
}

/** A second signal does not wait. */
function closeOnSignal(close: () => Promise<void>): void {
  let isClosing = false
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (isClosing) process.exit(1)
      isClosing = true
      close().then(
        () => process.exit(0),
        (error) => {
          journal.error('Could not close in order', error)
          process.exit(1)
        },
      )
    })
  }
}

const [command, ...parameters] = process.argv.slice(2)
run(command, parameters).catch((error) => {
  // By name: a command is bundled apart from this file, with a class of its own.
  if (error instanceof Error && error.name === 'HearthError') process.stderr.write(`${error.message}\n`)
  else journal.error('The agent could not start', error)
  process.exit(1)
})
