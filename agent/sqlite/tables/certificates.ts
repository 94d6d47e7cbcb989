import type { CertificateRow, CertificateStore } from '../../core/ports/domains/certificate-store.ts'
import type { Cipher } from '../cipher.ts'
import { type RowReader, readAll } from '../columns.ts'
import type { Database } from '../database.ts'

/** Keys lie encrypted. */
export function openCertificates(database: Database, cipher: Cipher): CertificateStore {
  const read = (row: RowReader): CertificateRow => ({
    id: row.text('id'),
    appId: row.text('app_id'),
    name: row.text('name'),
    origin: row.word('origin'),
    hostnames: row.json('hostnames'),
    certificate: row.text('certificate'),
    key: cipher.open(place(row.text('id')), row.bytes('encrypted_key')),
    startsAt: row.text('starts_at'),
    expiresAt: row.text('expires_at'),
    createdAt: row.text('created_at'),
    updatedAt: row.text('updated_at'),
  })
  return {
    put: (row) =>
      database.run(
        `INSERT INTO certificates VALUES (:id, :app_id, :name, :origin, :hostnames, :certificate, :encrypted_key,
           :starts_at, :expires_at, :created_at, :updated_at)
         ON CONFLICT (id) DO UPDATE SET hostnames = :hostnames, certificate = :certificate,
           encrypted_key = :encrypted_key, starts_at = :starts_at, expires_at = :expires_at, updated_at = :updated_at`,
        {
          id: row.id,
          app_id: row.appId,
          name: row.name,
          origin: row.origin,
          hostnames: JSON.stringify(row.hostnames),
          certificate: row.certificate,
          encrypted_key: cipher.seal(place(row.id), row.key),
          starts_at: row.startsAt,
          expires_at: row.expiresAt,
          created_at: row.createdAt,
          updated_at: row.updatedAt,
        },
      ),
    remove: (id) => database.run('DELETE FROM certificates WHERE id = :id', { id }),
    list: (appId) =>
      readAll(
        database.all('SELECT * FROM certificates WHERE app_id = :appId ORDER BY created_at, rowid', { appId }),
        read,
      ),
    listAll: () => readAll(database.all('SELECT * FROM certificates ORDER BY created_at, rowid'), read),
  }
}

const place = (id: string): string => `certificates:${id}`
