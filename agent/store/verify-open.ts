import { chainInspector } from '../domain/chain.ts'
import type { Store } from './open.ts'
import { type Verdict, verdictOn } from './verify.ts'

/** Read and hashed in about a millisecond: doors and deadlines wait no longer for somebody who verifies a long journal. */
const PAGE = 200

/** Verifies the journal of a store that is in use, in slices; `pause` lets everything else have its turn between them. */
export async function verifyUnit(
  { journal }: Pick<Store, 'journal'>,
  key: Uint8Array,
  pause: () => Promise<void>,
): Promise<Verdict> {
  const chain = chainInspector()
  for (;;) {
    const rows = journal.rawAfter(chain.found().head.seq, PAGE)
    for (const row of rows) chain.take(row)
    // Nothing is written between the last page and the seal: both belong to one moment.
    if (rows.length < PAGE) return verdictOn(chain.found(), journal.sealed(), key)
    await pause()
  }
}
