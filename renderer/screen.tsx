import { AppFrame } from './features/app/app-frame.tsx'
import { AppsScreen } from './features/apps/apps-screen.tsx'
import { AppDeploy } from './features/deploy/app-deploy.tsx'
import { NewApp } from './features/deploy/new-app.tsx'
import { Overview } from './features/overview/overview.tsx'
import { type Route, useRoute } from './stores/route.ts'

/** The one place where features meet: which screen shows which of them. */
export function Screen() {
  const route = useRoute()
  switch (route.screen) {
    case 'app':
      return <AppScreen key={`${route.serverId} ${route.app}`} route={route} />
    case 'new-app':
      return <NewApp />
    default:
      return <AppsScreen />
  }
}

function AppScreen({ route }: { route: Route & { screen: 'app' } }) {
  const target = { serverId: route.serverId, app: route.app }
  return (
    <AppFrame target={target} tab={route.tab}>
      {(summary) => {
        switch (route.tab) {
          case 'deploy':
            return <AppDeploy summary={summary} />
          default:
            return <Overview summary={summary} />
        }
      }}
    </AppFrame>
  )
}
