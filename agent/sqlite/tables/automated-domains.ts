import type { AutomatedDomainRow, AutomatedDomainStore } from '../../core/ports/domains/automated-domain-store.ts'
import type { Cipher } from '../cipher.ts'
import { type RowReader, readOne } from '../columns.ts'
import type { Database } from '../database.ts'

/** Keys, of accounts and of certificates on their way, lie encrypted. */
export function openAutomatedDomains(database: Database, cipher: Cipher): AutomatedDomainStore {
  const read = (row: RowReader): AutomatedDomainRow => {
    const domainId = row.text('domain_id')
    const url = row.optionalText('order_url')
    return {
      domainId,
      appId: row.text('app_id'),
      status: row.word('status'),
      reason: row.optionalText('reason'),
      attempts: row.number('attempts'),
      nextAt: row.text('next_at'),
      order: url === null ? null : { url, key: cipher.open(orderPlace(domainId), row.bytes('encrypted_key')) },
    }
  }
  return {
    put: ({ domainId, appId, status, reason, attempts, nextAt, order }) =>
      database.run(
        `INSERT INTO automated_domains VALUES (:domain_id, :app_id, :status, :reason, :attempts, :next_at, :order_url, :encrypted_key)
         ON CONFLICT (domain_id) DO UPDATE SET status = :status, reason = :reason, attempts = :attempts, next_at = :next_at,
           order_url = :order_url, encrypted_key = :encrypted_key`,
        {
          ...{ domain_id: domainId, app_id: appId, status, reason, attempts, next_at: nextAt },
          order_url: order?.url ?? null,
          encrypted_key: order && cipher.seal(orderPlace(domainId), order.key),
        },
      ),
    byDomain: (domainId) =>
      readOne(database.get('SELECT * FROM automated_domains WHERE domain_id = :domainId', { domainId }), read),
    removeAll: (appId) => database.run('DELETE FROM automated_domains WHERE app_id = :appId', { appId }),
    account: (directory) =>
      readOne(database.get('SELECT * FROM acme_accounts WHERE directory = :directory', { directory }), (row) => ({
        url: row.text('url'),
        key: cipher.open(accountPlace(directory), row.bytes('encrypted_key')),
      })),
    putAccount: (directory, { key, url }) =>
      database.run('INSERT OR REPLACE INTO acme_accounts VALUES (:directory, :url, :encrypted_key)', {
        directory,
        url,
        encrypted_key: cipher.seal(accountPlace(directory), key),
      }),
    removeAccount: (directory) => database.run('DELETE FROM acme_accounts WHERE directory = :directory', { directory }),
  }
}

const orderPlace = (domainId: string): string => `automated_domains:${domainId}`
const accountPlace = (directory: string): string => `acme_accounts:${directory}`
