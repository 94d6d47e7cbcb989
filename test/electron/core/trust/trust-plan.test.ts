import { expect, it } from 'vitest'
import { planDistrust, planTrust } from '../../../../electron/core/trust/trust-plan.ts'

const options = {
  home: '/home/ann',
  file: '/home/ann/.hearth/nas.pem',
  name: 'Hearth on nas',
  fingerprint: 'ABCDEF0123456789',
}
const commands = (plan: typeof planTrust, platform: NodeJS.Platform) =>
  plan({ ...options, platform }).map(
    ({ command, needsAdministrator }) => `${needsAdministrator ? 'sudo ' : ''}${command.join(' ')}`,
  )

it('each system is told in its own way, and what needs an administrator is marked', () => {
  expect(commands(planTrust, 'linux')).toEqual([
    'sudo install -m 644 /home/ann/.hearth/nas.pem /usr/local/share/ca-certificates/hearth-abcdef012345.crt',
    'sudo update-ca-certificates',
    'certutil -d sql:/home/ann/.pki/nssdb -A -t C,, -n Hearth on nas -i /home/ann/.hearth/nas.pem',
  ])
  expect(commands(planTrust, 'darwin')).toEqual([
    'security add-trusted-cert -r trustRoot -k /home/ann/Library/Keychains/login.keychain-db /home/ann/.hearth/nas.pem',
  ])
  expect(commands(planTrust, 'win32')).toEqual(['certutil -user -addstore Root /home/ann/.hearth/nas.pem'])
})

it('what was trusted can be taken away again, and nothing else goes with it', () => {
  expect(commands(planDistrust, 'linux')).toEqual([
    'sudo rm -f /usr/local/share/ca-certificates/hearth-abcdef012345.crt',
    'sudo update-ca-certificates',
    'certutil -d sql:/home/ann/.pki/nssdb -D -n Hearth on nas',
  ])
  expect(commands(planDistrust, 'darwin')[0]).toContain('-Z ABCDEF0123456789')
  expect(commands(planDistrust, 'win32')).toEqual(['certutil -user -delstore Root Hearth on nas'])
})
