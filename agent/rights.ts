import type { Site } from '../config/site.ts'
import type { Millis } from '../drivers/host/clock.ts'
import { type RevocationList, readRevocations } from './domain/revocation.ts'
import { readToken, SKEW, type UsedToken } from './domain/token.ts'
import type { Store } from './store/open.ts'

/** Whose signatures count at this unit, what they took back, and which tokens were used. */
export function openRights(site: Site, store: Pick<Store, 'tokens' | 'facts'>) {
  const keys = [...(site.access?.token_keys ?? []), ...(site.kiosk?.dispense?.token_keys ?? [])]
  const used = new Map(store.tokens.all().map(each => [each.id, each]))
  let revocations = store.facts.revocations()

  return {
    readToken: (bytes: Uint8Array) => readToken(bytes, keys),
    readRevocations: (text: string) => readRevocations(text, keys, site.unit),
    revocations: () => revocations,
    usedFor: (subject: string): boolean => used.values().some(each => each.subject === subject),
    keepRevocations(list: RevocationList): void {
      revocations = list
      store.facts.saveRevocations(list)
    },
    useToken({ id, subject, expires }: UsedToken, wall: Millis): void {
      for (const old of used.values())
        if (old.expires + SKEW < wall) {
          used.delete(old.id)
          store.tokens.remove(old.id)
        }
      used.set(id, { id, subject, expires })
      store.tokens.save(id, { id, subject, expires })
    },
  }
}
