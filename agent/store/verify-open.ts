import type { RawRow } from '../domain/chain.ts'
import type { Store } from './open.ts'
import { type Verdict, verifyRows } from './verify.ts'

const PAGE = 2_000

/** Verifies the journal of a store that is in use. */
export function verifyUnit(store: Pick<Store, 'journal'>, key: Uint8Array): Verdict {
  return verifyRows(pages(store), store.journal.sealed(), key)
}

function* pages({ journal }: Pick<Store, 'journal'>): Generator<RawRow> {
  for (
    let rows = journal.rawAfter(0, PAGE);
    rows.length > 0;
    rows = journal.rawAfter(rows.at(-1)?.seq ?? 0, PAGE)
  )
    yield* rows
}
