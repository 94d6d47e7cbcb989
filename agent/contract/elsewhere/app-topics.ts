import type { Topic } from './elsewhere.ts'

/** About apps: how they are deployed, run and seen. */
export const appTopics: readonly Topic[] = [
  {
    title: 'A shell inside a running dyno (ps:exec)',
    commands: ['ps:exec', 'ps:copy', 'ps:forward', 'ps:socks'],
    requests: ['/apps/{app}/features/runtime-heroku-exec', '/api/v2/{dyno}'],
    resource: 'feature',
    instead:
      'Hearth opens no second SSH door into dynos. Run a command inside a running one with: heroku run:inside web.1 bash',
  },
  {
    title: 'Autoscaling and metrics',
    commands: ['ps:autoscale:*', 'apps:errors'],
    requests: [
      '/apps/{app}/formation/{type}/monitors*',
      '/apps/{app}/router-metrics*',
      '/apps/{app}/formation/{type}/metrics*',
    ],
    instead:
      'Hearth does not scale by itself. Set the number of dynos with heroku ps:scale; memory and CPU of each are on the app page of the desktop.',
  },
  {
    title: 'Container images',
    commands: ['container:*'],
    requests: ['/apps/{app}/oci-images*'],
    instead:
      'Hearth has no registry that docker pushes to: hearth container:push and container:release do without one. Or hearth deploy --image registry.example/shop:1, or heroku stack:set container to build a Dockerfile',
  },
  {
    title: 'Pipelines, review apps and CI',
    commands: ['pipelines:*', 'reviewapps:*', 'ci:*'],
    requests: [
      '/pipelines*',
      '/pipeline-couplings*',
      '/pipeline-promotions*',
      '/pipeline-transfers',
      '/apps/{app}/pipeline-couplings',
      '/filters/apps',
      '/review-apps*',
      '/apps/{app}/review-app',
      '/test-runs*',
    ],
    resource: 'pipeline',
    instead:
      'Hearth has no pipelines. Give staging and production an app each, and push the commit that proved itself to the second: git push production main',
  },
  {
    title: 'Telemetry drains',
    commands: ['telemetry:*'],
    requests: ['/telemetry-drains*', '/apps/{app}/telemetry-drains*'],
    resource: 'telemetry_drain',
    instead: 'Hearth has no telemetry drains. Send traces and metrics from the app itself, and log lines by a drain.',
  },
  {
    title: "Heroku's published schema",
    commands: [],
    requests: ['/schema'],
    instead:
      "Heroku's published schema describes the answers here too; docs/heroku-compatibility.md lists what there is.",
  },
  {
    title: 'Results of builds as a resource',
    commands: [],
    requests: ['/apps/{app}/builds/{build}/result'],
    resource: 'build',
    instead: "A build's result is its status, and what it printed is at its output_stream_url.",
  },
]
