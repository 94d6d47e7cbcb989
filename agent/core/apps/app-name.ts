const adjectives =
  'amber ancient autumn bold brave bright calm clear cosmic crimson damp dawn deep dusty early evening fair fierce ' +
  'floral fresh gentle glacial golden green hidden hollow icy jolly keen light limitless little lively lunar mellow ' +
  'misty mossy mighty noble northern patient plain polar proud quiet radiant rocky rough salty serene shady silent ' +
  'silver sleepy smooth snowy solar southern spring stark steady still stony stormy sunny swift tranquil vast velvet ' +
  'warm wild windy winter wise young'
const nouns =
  'anchor badger basin bay beacon birch bird breeze brook canyon cave cedar cliff cloud coast comet coral cove crane ' +
  'creek dale delta dune eagle ember falcon fern field fjord flame forest fox garden geyser glade grove harbor hawk ' +
  'hearth heron hill island lagoon lake lark leaf lynx maple marsh meadow mesa moon moss oak ocean orchard otter owl ' +
  'peak pebble pine plain pond prairie rain raven reef ridge river robin sea shore sky spruce star stone stream ' +
  'summit sun swan thicket tide trail valley willow wind wolf wood'

const words = { adjectives: adjectives.split(' '), nouns: nouns.split(' ') }

/** `misty-harbor-40213`. `pick(n)` gives a whole number from 0 to n - 1. */
export function generateAppName(pick: (below: number) => number): string {
  const adjective = words.adjectives[pick(words.adjectives.length)]
  const noun = words.nouns[pick(words.nouns.length)]
  return `${adjective}-${noun}-${10_000 + pick(90_000)}`
}
