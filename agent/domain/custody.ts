import type { Millis } from '../../drivers/host/clock.ts'
import { gapsIn } from './custody-gaps.ts'
import { begin, closed, type Held, hold, opened, type Stay, tellVisit } from './custody-visits.ts'
import type { Custody, CustodyLink, CustodyOf } from './custody-words.ts'
import type { Entry, Row } from './journal.ts'

//   booked ─▶ put in ─▶ whatever happened at that door ─▶ taken ─▶ ended: the chain is finished, and forgotten here

/**
 * Takes the rows of a journal in their order and makes a chain of each booking. Only bookings that have not ended are kept;
 * `take` gives back the chain that a row finished.
 */
export function custodyFold(of: CustodyOf) {
  const stays = new Map<string, Stay>()
  const places = new Map<string, Stay>()
  let last: Millis | undefined

  /** Keeps track of who has which compartment, whatever a row changed. */
  const placed = (stay: Stay | undefined, act: () => void): void => {
    if (stay?.compartment !== undefined) places.delete(stay.compartment)
    act()
    if (stay?.compartment !== undefined) places.set(stay.compartment, stay)
  }
  return {
    take(row: Row): Custody | undefined {
      const { entry, at } = row
      if (entry.type === 'booked') stays.set(entry.booking, booked(entry, row, of))
      const stay = concerned(entry, stays, places)
      placed(stay, () => stay && tell(stay, row))
      for (const each of stays.values()) tellAll(each, row, of, last)
      last = at
      if (entry.type !== 'booking-ended' || !stay) return undefined
      stays.delete(entry.booking)
      if (stay.compartment !== undefined) places.delete(stay.compartment)
      return finished(stay)
    },
    /** Chains of bookings that have not ended, as far as they are. */
    open: (): Custody[] => [...stays.values()].map(finished),
  }
}

/** One chain for each booking that was booked in these rows, in that order. Rows must be in order, without a gap. */
export function gatherCustody(rows: Iterable<Row>, of: CustodyOf): Custody[] {
  const fold = custodyFold(of)
  const ended: Custody[] = []
  for (const row of rows) {
    const chain = fold.take(row)
    if (chain) ended.push(chain)
  }
  return [...ended, ...fold.open()].sort(
    (one, other) => (one.links[0]?.seq ?? 0) - (other.links[0]?.seq ?? 0),
  )
}

type Named<Type extends Entry['type']> = Extract<Entry, { type: Type }>

const booked = ({ booking, size }: Named<'booked'>, { hash, at }: Row, { unit }: CustodyOf): Stay => ({
  chain: { hash, unit, booking, size, booked: at, status: 'expected', links: [], broken: [] },
  lies: false,
  who: {},
})

function concerned(entry: Entry, stays: Map<string, Stay>, places: Map<string, Stay>): Stay | undefined {
  if (entry.type === 'unlock-ordered') {
    const [, booking] = /^(?:deposit|collect) (.*)$/s.exec(entry.purpose) ?? []
    return booking === undefined ? places.get(entry.compartment) : stays.get(booking)
  }
  if ('booking' in entry && typeof entry.booking === 'string') return stays.get(entry.booking)
  return 'compartment' in entry && entry.compartment !== undefined ? places.get(entry.compartment) : undefined
}

const finished = ({ chain }: Stay): Custody => ({ ...chain, broken: gapsIn(chain) })

/** What a row says of one booking or of its compartment. Rows of a visit have their own file. */
function tell(stay: Stay, row: Row): void {
  const { entry } = row
  const add = (what: CustodyLink['what'], more: Partial<CustodyLink> = {}) => begin(stay, row, what, more)
  switch (entry.type) {
    case 'booked':
      add('booked')
      return
    case 'recoded':
      add('recoded', { leg: entry.leg })
      return
    case 'claim-refused':
      add('refused', { leg: entry.leg, why: entry.why })
      return
    case 'code-refused':
      add('refused', { why: 'wrong-code', proof: { how: 'code', reader: entry.reader } })
      return
    case 'token-refused':
      add('refused', { why: entry.why, proof: { how: 'token', reader: entry.reader } })
      return
    case 'code-burnt':
      add('burnt', { leg: entry.leg })
      return
    case 'overdue':
      add('overdue')
      return
    case 'held':
      // What the unit took out of use because of its door is said by the link before.
      if (entry.by !== 'unit' || !isDoorsDoing(stay)) add('held', { who: entry.by, why: entry.why })
      return
    case 'released':
      add('released', { who: entry.by })
      return
    case 'refitted':
      add('moved', { ...who(stay), compartment: entry.compartment, why: entry.from, doubt: !emptied(stay) })
      hold(stay, entry.compartment)
      return
    case 'door-opened':
    case 'door-found':
    case 'door-closed':
      return tellDoor(stay, row, entry)
    case 'alarm-raised':
      if (entry.alarm === 'left-open') add('left-open', { doubt: true })
      if (entry.alarm === 'wrong-door') wrongDoor(stay, row, entry.order)
      return
    case 'booking-ended':
      return end(stay, row, entry.why)
  }
  tellVisit(stay, row)
}

const isDoorsDoing = ({ chain: { links } }: Stay): boolean =>
  ['forced', 'wrong-door', 'found-open'].includes(links.at(-1)?.what ?? '')

const who = ({ who: known }: Stay): Partial<CustodyLink> =>
  known.deposit === undefined ? {} : { who: known.deposit }

/** Whether its door was opened and closed once more since something was put in, so that it can have been taken out. */
function emptied({ chain: { links } }: Stay): boolean {
  const put = links.findLastIndex(({ what }) => what === 'put-in')
  return links.slice(put + 1).some(({ what, doubt }) => what === 'opened-again' && !doubt)
}

function tellDoor(stay: Stay, row: Row, entry: Named<'door-opened' | 'door-found' | 'door-closed'>): void {
  if (entry.type === 'door-opened') return opened(stay, row, entry.order)
  if (entry.type === 'door-closed') return closed(stay, row, 'closed')
  if (!entry.open) return closed(stay, row, 'found-closed')
  const link = begin(stay, row, 'found-open', { doubt: true })
  link.evidence.push({ seq: row.seq, at: row.at, saw: 'found-open' })
  stay.ajar = link
}

/** The row before said that it opened unasked; this one, that another door was told to. */
function wrongDoor({ chain }: Stay, { seq }: Row, order: string | undefined): void {
  const link = chain.links.at(-1)
  if (link?.what !== 'forced' && link?.what !== 'found-open') return
  link.what = 'wrong-door'
  link.rows.push(seq)
  if (order !== undefined) link.order = order
}

function end(stay: Stay, row: Row, why: Named<'booking-ended'>['why']): void {
  const { chain } = stay
  // An opening with `clear` says so only now: whoever had it opened took the things out.
  const cleared = why === 'cleared' ? chain.links.at(-1) : undefined
  if (cleared?.what === 'opened') {
    cleared.what = 'taken'
    stay.lies = false
  }
  begin(stay, row, 'ended', { why })
  chain.status = why
  chain.ended = row.at
}

/** What a row says of every compartment at once, or of all on one board. */
function tellAll(stay: Stay, row: Row, { boards }: CustodyOf, last: Millis | undefined): void {
  const { entry, at, seq } = row
  const { compartment } = stay
  if (compartment === undefined) return
  const board = Object.hasOwn(boards, compartment) ? boards[compartment] : undefined
  switch (entry.type) {
    case 'started':
      blind(stay, row, { why: entry.after, from: last ?? at, until: at })
      return
    case 'device-offline':
      if (board === undefined || board === entry.device) stay.blind = blind(stay, row, unseen(entry, at))
      return
    case 'device-online':
      if (!stay.blind || (board !== undefined && board !== entry.device)) return
      stay.blind.until = at
      stay.blind.rows.push(seq)
      delete stay.blind
      return
    case 'input-changed':
      begin(stay, row, 'contact', { why: `${entry.device} ${entry.input} ${entry.on ? 'on' : 'off'}` })
  }
}

const unseen = ({ device, why }: Named<'device-offline'>, from: Millis): Held => ({
  why: `${device} ${why}`,
  from,
})

/** Whatever was under way then is not proven any more. */
function blind(stay: Stay, row: Row, more: Held): CustodyLink {
  if (stay.visit) stay.visit.blind = true
  return begin(stay, row, 'unseen', { ...more, doubt: true })
}
