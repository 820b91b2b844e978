import type { Millis } from '../../drivers/host/clock.ts'
import type { Credential, Custody, CustodyLink, CustodyWhat, Sighting } from './custody-words.ts'
import type { Entry, Row } from './journal.ts'
import type { Leg } from './journal-words.ts'

/** One booking while its chain is made. */
export interface Stay {
  chain: Custody
  compartment?: string
  /** Something lies in it, or may. */
  lies: boolean
  /** Who came for each leg. */
  who: Partial<Record<Leg, string>>
  /** Who was just let in, before a lock is told to open. */
  claim?: Claim
  visit?: Visit
  /** The link during which its door was opened, while it is open. */
  ajar?: CustodyLink
  /** While nobody can see its door. */
  blind?: CustodyLink
}

interface Claim {
  seq: number
  at: Millis
  who?: string
  proof: Credential
}

/** One opening, by leg; without one it is for a person who gave a reason. */
interface Visit {
  link: CustodyLink
  order: string
  leg?: Leg
  blind: boolean
}

/** For how long nobody could see a door, and why. */
export type Held = Pick<CustodyLink, 'why' | 'from' | 'until'>

type Named<Type extends Entry['type']> = Extract<Entry, { type: Type }>

/** A new link at the end of a chain, standing on this row. */
export function begin(
  { chain, compartment, lies }: Stay,
  { seq, at }: Row,
  what: CustodyWhat,
  more: Partial<CustodyLink> = {},
): CustodyLink {
  const place = compartment === undefined ? {} : { compartment }
  const link = { seq, at, what, ...place, evidence: [], lying: lies, doubt: false, rows: [seq], ...more }
  chain.links.push(link)
  return link
}

/** The compartment is theirs from now on; what lay in the one before lies nowhere, as far as the unit knows. */
export function hold(stay: Stay, compartment: string): void {
  if (stay.compartment !== compartment) letGo(stay)
  stay.compartment = compartment
}

function letGo(stay: Stay): void {
  for (const name of ['compartment', 'visit', 'ajar', 'blind'] as const) delete stay[name]
  lay(stay, false)
}

function lay(stay: Stay, lies: boolean): void {
  stay.lies = lies
  stay.chain.status = lies ? 'in' : 'expected'
}

/** What a row says of an opening: who may, the lock, how it ended. */
export function tellVisit(stay: Stay, row: Row): void {
  const { entry, seq, at } = row
  switch (entry.type) {
    case 'claimed':
    case 'reopened': {
      if (entry.type === 'claimed') stay.who[entry.leg] = entry.by
      const by = entry.who ?? stay.who[entry.leg]
      stay.claim = { seq, at, ...(by === undefined ? {} : { who: by }), proof: shown(entry) }
      return
    }
    case 'open-asked':
      stay.claim = { seq, at, who: entry.by, proof: { how: 'asked', reason: entry.reason } }
      return
    case 'unlock-ordered':
      return ordered(stay, row, entry)
    case 'unlock-failed':
      if (stay.visit) note(stay.visit.link, seq, { why: entry.fault })
      return
    case 'stuck':
      return over(stay, seq, { what: 'not-opened', why: entry.why, doubt: false })
    case 'in-doubt':
      if (!stay.visit) return
      if (stay.visit.leg === 'deposit') lay(stay, true)
      note(stay.visit.link, seq, { what: 'in-doubt', doubt: true, lying: stay.lies })
      return
    case 'doubt-resolved':
      return settle(stay, row, entry.how)
    case 'deposited':
      over(stay, seq, { what: 'put-in' })
      return lay(stay, true)
    case 'collected':
      over(stay, seq, { what: 'taken' })
      stay.lies = false
      stay.chain.status = 'taken'
      return
    // Opened and closed, and by the sensor inside no hand-over.
    case 'nothing-put-in':
    case 'nothing-taken':
      return over(stay, seq, { what: 'opened' })
    case 'reclosed':
      return over(stay, seq, { what: 'opened-again' })
    case 'open-ended':
      if (entry.how === 'closed') over(stay, seq, { what: 'opened' })
  }
}

const shown = ({ how, reader, token, key }: Named<'claimed' | 'reopened'>): Credential => ({
  how,
  reader,
  ...(token === undefined ? {} : { token }),
  ...(key === undefined ? {} : { key }),
})

function note(link: CustodyLink, seq: number, more: Partial<CustodyLink>): void {
  Object.assign(link, more)
  link.rows.push(seq)
}

/** The first try begins a link; those after it belong to that one. */
function ordered(
  stay: Stay,
  row: Row,
  { order, compartment, purpose, attempt }: Named<'unlock-ordered'>,
): void {
  const { visit } = stay
  if (attempt > 1 && visit) {
    visit.order = order
    visit.link.rows.push(row.seq)
    return
  }
  hold(stay, compartment)
  const [, leg] = /^(deposit|collect) /.exec(purpose) ?? []
  const mine: { leg?: Leg } = leg === 'deposit' || leg === 'collect' ? { leg } : {}
  const { seq, at, ...claim } = stay.claim ?? known(stay, row)
  const link = begin(stay, row, 'ordered', { ...mine, ...claim, seq, at, order, doubt: true })
  if (seq !== row.seq) link.rows.unshift(seq)
  stay.visit = { link, order, blind: false, ...mine }
  delete stay.claim
}

/** Nobody showed anything for a larger compartment: it is for whoever was let in before. */
const known = ({ who: { deposit } }: Stay, { seq, at }: Row) => ({
  ...{ seq, at },
  ...(deposit === undefined ? {} : { who: deposit }),
})

const sighting = ({ seq, at }: Row, saw: Sighting['saw']): Sighting => ({ seq, at, saw })

/** A door that opened under the order of its visit, or unasked. */
export function opened(stay: Stay, row: Row, order: string | undefined): void {
  const { visit } = stay
  const mine = visit !== undefined && order === visit.order
  const link = mine ? visit.link : begin(stay, row, 'forced', { doubt: true })
  if (mine) note(link, row.seq, { what: 'opened', lying: link.lying || visit.leg === 'deposit' })
  link.evidence.push(sighting(row, 'opened'))
  stay.ajar = link
  if (mine && visit.leg === 'deposit') lay(stay, true)
}

export function closed(stay: Stay, row: Row, saw: 'closed' | 'found-closed'): void {
  const link = stay.ajar ?? begin(stay, row, 'found-closed', { doubt: true })
  link.evidence.push(sighting(row, saw))
  if (link.seq !== row.seq) link.rows.push(row.seq)
  delete stay.ajar
}

/** An opening is over: proven where its door was seen to open and to close, by a unit that saw all the time between. */
function over(stay: Stay, seq: number, how: Partial<CustodyLink>): void {
  const { visit } = stay
  if (!visit) return
  const { link, leg } = visit
  const saw = (what: Sighting['saw']) => link.evidence.some(each => each.saw === what)
  note(link, seq, { doubt: visit.blind || !saw('opened') || !saw('closed'), ...how })
  delete stay.visit
  // Nothing was put in: another compartment is chosen when they come again.
  if (how.what === 'not-opened' && leg === 'deposit' && !wasIn(stay)) letGo(stay)
}

/** Whether something was put in where the booking is now. */
const wasIn = ({ chain: { links }, compartment }: Stay): boolean =>
  links.findLast(({ what }) => what === 'put-in' || what === 'moved')?.what === 'put-in' &&
  links.some(({ what, compartment: place }) => what === 'put-in' && place === compartment)

function settle(stay: Stay, { seq, at }: Row, how: string): void {
  const { visit } = stay
  if (!visit) return
  const [, by] = /^released by (.*)$/s.exec(how) ?? []
  const settled = by === undefined ? { seq, at, how } : { seq, at, how: 'released', by }
  note(visit.link, seq, { settled })
  if (by === undefined) return
  delete stay.visit
  // Somebody looked: what was to be put in is not there.
  if (visit.leg === 'deposit' && !wasIn(stay)) letGo(stay)
}
