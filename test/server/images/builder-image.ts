// A builder of Cloud Native Buildpacks small enough to be made by each test: the real lifecycle, and buildpacks in bash.
// https://github.com/buildpacks/spec/blob/main/buildpack.md
import { buildLifecycle } from './lifecycle.ts'
import type { Registry } from './registry.ts'
import { makeRootTar } from './root-files.ts'

const phases = ['analyzer', 'detector', 'restorer', 'builder', 'exporter', 'creator']

/** Takes apps with a server.pl, and keeps between builds how often it was asked. */
const perl = `#!/bin/bash
set -eu
layer=$CNB_LAYERS_DIR/kept
times=0
if [ -e "$layer/times" ]; then times=$(cat "$layer/times"); fi
times=$((times + 1))
mkdir -p "$layer" "$CNB_LAYERS_DIR/place/env.launch"
echo "$times" >"$layer/times"
printf '[types]\\ncache = true\\n' >"$CNB_LAYERS_DIR/kept.toml"
printf '[types]\\nlaunch = true\\n' >"$CNB_LAYERS_DIR/place.toml"
printf '%s' "\${FLAVOUR:-plain}" >"$CNB_LAYERS_DIR/place/env.launch/PLACE.override"
echo "Build $times of perl for user $(id -u), flavour \${FLAVOUR:-plain}, secret \${HEARTH_REGISTRY_LOGIN:-none}"
for place in /hearth /run/containers /var/run/docker.sock /cache /layout; do
  [ ! -e "$place" ] || echo "SEES $place"
done
ls -a /
cat >"$CNB_LAYERS_DIR/launch.toml" <<'end'
[[processes]]
type = "web"
command = ["perl", "server.pl"]
default = true
[[processes]]
type = "worker"
command = ["bash", "-c"]
args = ["echo working in $PLACE; sleep 600"]
[[processes]]
type = "release"
command = ["bash", "-c"]
args = ["echo released in $PLACE"]
end
`

const buildpacks: Readonly<Record<string, { detect: string; build: string }>> = {
  'acme/perl': { detect: '[ -e server.pl ] || exit 100', build: perl },
  'acme/failing': { detect: '[ -e fail ] || exit 100', build: '#!/bin/bash\necho "oh no"; exit 7' },
  'acme/unsure': { detect: '[ ! -e unsure ] || exit 3; exit 100', build: '#!/bin/bash\n' },
  'acme/slow': { detect: '[ -e slow ] || exit 100', build: '#!/bin/bash\necho waiting; sleep 543' },
  'acme/greedy': {
    detect: '[ -e greedy ] || exit 100',
    build: '#!/bin/bash\nbomb() { bomb | bomb & }; bomb; sleep 60',
  },
}

/** The files of one that only runs what it is given. */
export function buildpackFiles(id: string, build: string, detect = 'exit 0'): Record<string, string> {
  const toml = `api = "0.10"\n[buildpack]\nid = "${id}"\nversion = "1.0.0"\n[[targets]]\nos = "linux"\n`
  return { 'buildpack.toml': toml, 'bin/detect': `#!/bin/bash\n${detect}\n`, 'bin/build': build }
}

/** Puts a packaged buildpack there, and returns its name. https://github.com/buildpacks/spec/blob/main/distribution.md */
export function putPackage(registry: Registry, id: string, build: string): string {
  const files = Object.entries(buildpackFiles(id, build))
  const folder = `cnb/buildpacks/${id.replace('/', '_')}/1.0.0`
  const layer = makeRootTar(Object.fromEntries(files.map(([name, text]) => [`${folder}/${name}`, text])))
  const own = JSON.stringify({ id, version: '1.0.0', stacks: [{ id: '*' }] })
  registry.put('pack:1', layer, { Labels: { 'io.buildpacks.buildpackage.metadata': own } })
  return 'pack:1'
}

/** Puts a builder and its run image there, `builder:<tag>` and `run:1`, and returns the builder's digest. */
export function putBuilder(registry: Registry, place: string, tag: string, files: Record<string, string> = {}): string {
  const { version, lifecycle, launcher } = buildLifecycle()
  const users = 'root:x:0:0::/root:/bin/sh\ncnb:x:1002:1000::/home/cnb:/bin/sh\n'
  const order = Object.keys(buildpacks).map((id) => ({ group: [{ id, version: '1.0.0' }] }))
  const packs = Object.entries(buildpacks).flatMap(([id, { detect, build }]) =>
    Object.entries(buildpackFiles(id, build, detect)).map(
      ([name, text]) => [`cnb/buildpacks/${id.replace('/', '_')}/1.0.0/${name}`, text] as const,
    ),
  )
  const layer = makeRootTar({
    ...Object.fromEntries(packs),
    'etc/passwd': users,
    'home/cnb/.keep': '',
    'cnb/order.toml': order
      .map(({ group: [each] }) => `[[order]]\n[[order.group]]\nid = "${each?.id}"\nversion = "1.0.0"\n`)
      .join(''),
    'cnb/run.toml': `[[images]]\nimage = "${place}/run:1"\n`,
    'cnb/lifecycle/lifecycle': lifecycle,
    'cnb/lifecycle/launcher': launcher,
    ...Object.fromEntries(phases.map((phase) => [`cnb/lifecycle/${phase}`, { link: 'lifecycle' }])),
    ...files,
  })
  registry.put('run:1', makeRootTar({ 'etc/passwd': users, 'home/cnb/.keep': '' }), {
    Env: ['PATH=/bin'],
    User: '1002:1000',
    Labels: { 'io.buildpacks.base.distro.name': 'debian', 'io.buildpacks.base.distro.version': '12' },
  })
  const apis = { buildpack: { supported: ['0.10'] }, platform: { supported: ['0.12', '0.13', '0.14'] } }
  return registry.put(`builder:${tag}`, layer, {
    Env: ['PATH=/bin', 'CNB_USER_ID=1002', 'CNB_GROUP_ID=1000'],
    User: '1002:1000',
    Labels: {
      'io.buildpacks.base.distro.name': 'debian',
      'io.buildpacks.base.distro.version': '12',
      'io.buildpacks.lifecycle.apis': JSON.stringify(apis),
      'io.buildpacks.lifecycle.version': version,
      'io.buildpacks.builder.metadata': JSON.stringify({ buildpacks: order.flatMap(({ group }) => group) }),
      'io.buildpacks.buildpack.order': JSON.stringify(order),
    },
  })
}
