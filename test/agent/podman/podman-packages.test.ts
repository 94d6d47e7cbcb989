import { expect, test } from 'vitest'
import { renderApt, requireCandidate } from '../../../agent/podman/podman-packages.ts'

const policy = (candidate: string) => `podman:\n  Installed: (none)\n  Candidate: ${candidate}\n  Version table:\n`

test('apt installs in a unit of its own, asks nobody, and prints into the file', () => {
  expect(renderApt('/run/hearth/podman-install.log', 'update').join(' ')).toBe(
    'systemd-run --quiet --wait --collect --unit=hearth-podman-install.service --description=Hearth installs podman ' +
      '--property=StandardOutput=append:/run/hearth/podman-install.log ' +
      '--property=StandardError=append:/run/hearth/podman-install.log ' +
      '--setenv=DEBIAN_FRONTEND=noninteractive --setenv=LC_ALL=C.UTF-8 ' +
      'apt-get -q -y -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 update',
  )
})

test.each(['4.3.1+ds1-8+deb12u1', '5.4.2+ds1-1', '1:4.9.3+ds1-1ubuntu0.2'])('podman %s is new enough', (candidate) => {
  requireCandidate(policy(candidate))
})

test.each([
  ['3.4.4+ds1-1ubuntu1.22.04.3', 'has podman 3.4, and 4.3 or newer is needed'],
  ['(none)', 'have no podman'],
])('podman %s is not installed, and the reason told', (candidate, reason) => {
  expect(() => requireCandidate(policy(candidate))).toThrow(reason)
})

test('a package source that knows no podman at all is told', () => {
  expect(() => requireCandidate('')).toThrow('have no podman')
})
