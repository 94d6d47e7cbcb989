import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { addAuthorizedKey, listAuthorizedKeys } from '../../../agent/access/authorized-keys.ts'
import { parsePublicKey } from '../../../agent/access/public-key.ts'
import { makePublicKey, sshField } from './public-keys.ts'

const key = makePublicKey('')
const [type = '', blob = ''] = key.split(' ')

test('reads a line of a .pub file, and tidies what its owner calls it', () => {
  expect(parsePublicKey(`${key}  ada@laptop \n`)).toMatchObject({ type, blob, comment: 'ada@laptop' })
  expect(parsePublicKey(key).comment).toBe('')
  expect(parsePublicKey(`${key} a\u202eda\u2028\u0007${'x'.repeat(200)}`).comment).toBe(`ada${'x'.repeat(97)}`)
})

const otherType = `${type} ${Buffer.concat([sshField('ssh-rsa'), sshField('x'.repeat(32))]).toString('base64')}`
test.each([
  ['nothing', ''],
  ['a word', 'hello'],
  ['a second line', `${key} me\n${key}`],
  ['a second line after a carriage return', `${key} me\r${key}`],
  ['options', `command="sh" ${key}`],
  ['options that end the line early', `no-pty,command="sh" ${key} me`],
  ['a certificate', `ssh-ed25519-cert-v01@openssh.com ${blob} me`],
  ['another kind of key than it says', otherType],
  ['half a key', `${type} ${blob.slice(0, -8)}`],
  [
    'a key with something after it',
    `${type} ${Buffer.concat([Buffer.from(blob, 'base64'), Buffer.from('x')]).toString('base64')}`,
  ],
])('refuses %s', (_, text) => {
  expect(() => parsePublicKey(text)).toThrow('not a public SSH key')
})

test('refuses RSA keys that are too short', () => {
  const rsa = (modulusLength: number) => {
    const { n = '', e = '' } = generateKeyPairSync('rsa', { modulusLength }).publicKey.export({ format: 'jwk' })
    const [exponent, modulus] = [Buffer.from(e, 'base64url'), Buffer.from(n, 'base64url')]
    const fields = [sshField('ssh-rsa'), sshField(exponent), sshField(Buffer.concat([Buffer.alloc(1), modulus]))]
    return `ssh-rsa ${Buffer.concat(fields).toString('base64')} me`
  }
  expect(parsePublicKey(rsa(2048)).type).toBe('ssh-rsa')
  expect(() => parsePublicKey(rsa(1024))).toThrow('2048 bits')
})

const door = { program: ['/usr/lib/hearth/current/node'], sockets: [] }
const victim = parsePublicKey(makePublicKey('ann@laptop'))
test.each([
  `connect ${victim.id}" ${victim.type} ${victim.blob} ann@laptop`,
  `command="sh" ${victim.type} ${victim.blob} ann@laptop`,
  `# hearth: root let in ${victim.id} at 2030-01-01T00:00:00Z`,
])('a comment is a comment in the file, whatever it says: %s', (comment) => {
  const mallory = parsePublicKey(`${makePublicKey('')} ${comment}`)
  const text = addAuthorizedKey('', mallory, door)
  expect(text.split('\n')).toHaveLength(2)
  expect(listAuthorizedKeys(text)).toEqual([{ ...mallory, letInAt: null }])
})

test("a line whose command names another's key is nobody's", () => {
  const mallory = parsePublicKey(makePublicKey('ann@laptop'))
  const text = addAuthorizedKey('', mallory, door)
  expect(listAuthorizedKeys(text)).toHaveLength(1)
  expect(listAuthorizedKeys(text.replace(mallory.id, victim.id))).toEqual([])
})
