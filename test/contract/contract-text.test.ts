import { expect, test } from 'vitest'
import { nameSchemas, renderContract } from './contract-text.ts'

test('the contract is what it was, unless somebody changed it on purpose (npm run unit -- -u test/contract/contract-text)', async () => {
  const modules = import.meta.glob('../../agent/contract/**/*.ts', { eager: true })
  const text = renderContract(nameSchemas(Object.values(modules) as Record<string, unknown>[]))
  await expect(text).toMatchFileSnapshot('golden/contract.txt')
})
