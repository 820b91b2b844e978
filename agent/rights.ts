import type { Site } from '../config/site.ts'
import type { Millis } from '../drivers/host/clock.ts'
import { type RevocationList, readRevocations } from './domain/revocation.ts'
import { readToken, SKEW, type UsedToken } from './domain/token.ts'
import type { Store } from './store/open.ts'

const SWEEP_EVERY: Millis = 60_000

/** Whose signatures count at this unit, what they took back, and which tokens were used. */
export function openRights(site: Site, store: Pick<Store, 'tokens' | 'facts'>) {
  const keys = [...(site.access?.token_keys ?? []), ...(site.kiosk?.dispense?.token_keys ?? [])]
  const used = new Map(store.tokens.all().map(each => [each.id, each]))
  /** How many used tokens there are for each subject. */
  const subjects = new Map<string, number>()
  /** When the next look for lapsed ones is worth it, on the wall clock. */
  let nextSweep = -Infinity
  for (const { subject } of used.values()) count(subject, 1)

  function count(subject: string, by: number): void {
    const left = (subjects.get(subject) ?? 0) + by
    if (left > 0) subjects.set(subject, left)
    else subjects.delete(subject)
  }

  function forget({ id, subject }: UsedToken): void {
    used.delete(id)
    count(subject, -1)
    store.tokens.remove(id)
  }

  let revocations = store.facts.revocations()

  return {
    readToken: (bytes: Uint8Array) => readToken(bytes, keys),
    readRevocations: (text: string) => readRevocations(text, keys, site.unit),
    revocations: () => revocations,
    used: (id: string): boolean => used.has(id),
    usedFor: (subject: string): boolean => subjects.has(subject),
    keepRevocations(list: RevocationList): void {
      revocations = list
      store.facts.saveRevocations(list)
    },
    useToken({ id, subject, expires }: UsedToken, wall: Millis): void {
      if (wall >= nextSweep) {
        for (const old of used.values()) if (old.expires + SKEW < wall) forget(old)
        nextSweep = wall + SWEEP_EVERY
      }
      if (!used.has(id)) count(subject, 1)
      used.set(id, { id, subject, expires })
      store.tokens.save(id, { id, subject, expires })
    },
  }
}
