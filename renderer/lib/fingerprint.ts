/** `SHA256:8m1Yw3kqv0…`: enough to tell two keys apart; the whole one is on the pointer. */
export function shortenFingerprint(fingerprint: string): string {
  return fingerprint.length > 20 ? `${fingerprint.slice(0, 17)}…` : fingerprint
}
