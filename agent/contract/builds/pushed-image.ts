import { z } from 'zod'
import { processType, timestamp } from '../common.ts'

export const imageId = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'is no id of an image: sha256: and 64 digits')

/**
 * Extension: an image that was pushed to an app for a process type, as Heroku's registry would hold it; the newest one of each type
 * is kept. It runs once it is released: `docker_image` of the app's formation.
 */
export const pushedImage = z.strictObject({
  process_type: processType,
  /** The digest of its configuration, by which docker and podman call it too. */
  id: imageId,
  pushed_at: timestamp,
})
export type PushedImage = z.infer<typeof pushedImage>

export const pushedImageCreate = z.strictObject({
  id: imageId,
  /**
   * `manifest:<id>` of a source manifest whose content has been sent. Its files are the image as a folder: `manifest.json`, its
   * manifest, and beside it configuration and layers, each named by the 64 digits of its digest.
   */
  source: z.string().regex(/^manifest:[0-9a-f-]{36}$/, 'is no source manifest: manifest:<id>'),
})
export type PushedImageCreate = z.infer<typeof pushedImageCreate>
