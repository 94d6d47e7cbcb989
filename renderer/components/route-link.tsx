import type { AnchorHTMLAttributes } from 'react'
import { formatRoute, type Route, useRoute } from '../stores/route.ts'

interface RouteLinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  to: Route
}

/** A link to a screen: a real anchor, so that the keyboard and the middle button do what they do everywhere. */
export function RouteLink({ to, ...anchor }: RouteLinkProps) {
  const href = formatRoute(to)
  const isCurrent = useRoute((route) => isSameScreen(route, to))
  return <a href={href} aria-current={isCurrent ? 'page' : undefined} {...anchor} />
}

/** The tabs of one app are one place in the sidebar. */
function isSameScreen(route: Route, to: Route): boolean {
  if (route.screen === 'app' && to.screen === 'app') return route.serverId === to.serverId && route.app === to.app
  return formatRoute(route) === formatRoute(to)
}
