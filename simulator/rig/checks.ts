import type { Row } from '../../agent/domain/journal.ts'
import type { Ledger } from '../cloud/ledger.ts'
import type { Cabinet } from '../world/cabinet.ts'
import type { Life } from './life.ts'
import type { Witness } from './witness.ts'

/** What a run leaves behind, to be held against each other. */
export interface Evidence {
  witness: Witness
  steel: Cabinet
  life: Life
  journal: Row[]
  book: Ledger
  /** Instructions that the unit acknowledged. */
  acknowledged: ReadonlySet<string>
  ruined: string[]
}

/** Says each breach in one sentence. */
interface Check<Needs extends keyof Evidence = keyof Evidence> {
  /** The promise of goals.md that it keeps. */
  promise: string
  breaches(evidence: Pick<Evidence, Needs>): string[]
}

const SLACK = 50
/** From the moment a right is taken up: three tries of three seconds, the last order within a second and a half. */
const LAST_ORDER = 2 * 3_000 + 1_500 + 1_500

/** A1, A2, A4: metal moves only for a right that was shown, while it lives, and at the door it is for. */
const nobodyElsesDoor: Check = {
  promise: 'A2 A4 no lock moves without a valid unused credential, or after its time',
  breaches: ({ witness }) =>
    witness.releases.flatMap(({ at, door, item }) => {
      const standing = witness.grants.filter(
        grant =>
          at >= grant.at &&
          at <= Math.min(grant.until, grant.expires + witness.clockError + LAST_ORDER) + SLACK,
      )
      const named = standing.some(({ compartment }) => compartment === door)
      const booked = standing.some(
        ({ booking }) => booking !== undefined && (item === undefined || item === booking),
      )
      if (named || booked) return []
      return [
        `${door}${item ? `, which held the things of ${item},` : ''} was released at ${at} and nobody there had a right to it`,
      ]
    }),
}

/** Every pulse was written down first. */
const writtenFirst: Check = {
  promise: 'A4 every release has its order in the journal before it',
  breaches: ({ witness }) => {
    const orders = witness.rows.flatMap(({ at, entry }) =>
      entry.type === 'unlock-ordered' ? [{ at, door: entry.compartment }] : [],
    )
    return witness.releases.flatMap(({ at, door }) => {
      const place = orders.findIndex(order => order.door === door && order.at <= at && at - order.at < 4_000)
      if (place >= 0) orders.splice(place, 1)
      return place >= 0 ? [] : [`${door} was released at ${at} without an order of its own`]
    })
  },
}

/** How long the unit may take to see again, and how long it has for the alarm. */
const RECOVERY = 6_000
const ALARM_WITHIN = 2_000

/** A3: an opening that nobody ordered is an alarm within two seconds, unless something blinds the unit just then. */
const alarmInTime: Check = {
  promise: 'A3 a door other than the authorised one moves without an alarm within 2 s',
  breaches: ({ witness }) =>
    witness.openings.flatMap(({ at, door, cause }) => {
      const blind = witness.blinded.some(({ from, to }) => from <= at + ALARM_WITHIN && to > at - RECOVERY)
      // Opened by force at the very moment somebody with a right stands there: nobody could tell.
      const ordered = witness.rows.some(
        row =>
          row.entry.type === 'unlock-ordered' &&
          row.entry.compartment === door &&
          Math.abs(row.at - at) < LAST_ORDER,
      )
      if (cause === 'released' || blind || ordered) return []
      const said = witness.rows.some(
        row =>
          row.at >= at &&
          row.at <= at + ALARM_WITHIN &&
          row.entry.type === 'alarm-raised' &&
          row.entry.compartment === door,
      )
      return said ? [] : [`${door} was opened at ${at} (${cause}) and no alarm was raised within 2 s`]
    }),
}

/** A5, A6: the cloud has every row, each once and unaltered. */
export const cloudKnowsAll: Check<'journal' | 'book'> = {
  promise: 'A5 A6 no gap at the cloud, nothing accepted twice or altered',
  breaches: ({ journal, book }) => [
    ...book.disagreements,
    ...(book.rows.length === journal.length
      ? []
      : [`the cloud has ${book.rows.length} of ${journal.length} rows`]),
    ...journal.flatMap((row, index) => {
      const theirs = book.rows[index]
      return theirs === undefined || theirs.hash === row.hash
        ? []
        : [`row ${row.seq} is another one at the cloud`]
    }),
  ],
}

/** A7: what was acknowledged ends, once. */
export const instructionsEnd: Check<'journal' | 'acknowledged'> = {
  promise: 'A7 an instruction acknowledged that never ends, or ends twice',
  breaches: ({ journal, acknowledged }) => {
    const ends = new Map([...acknowledged].map(id => [id, 0]))
    for (const { entry } of journal) {
      if (entry.type === 'instruction-accepted') ends.set(entry.id, ends.get(entry.id) ?? 0)
      if (entry.type === 'instruction-ended') ends.set(entry.id, (ends.get(entry.id) ?? 0) + 1)
    }
    return [...ends].flatMap(([id, times]) => (times === 1 ? [] : [`instruction ${id} ended ${times} times`]))
  },
}

/** A8: stored and collected mean that the steel had its door open between the claim and the word. */
const noPhantoms: Check = {
  promise: 'A8 told done without the door having been open',
  breaches: ({ witness, steel }) => {
    const claimed = new Map<string, number>()
    return witness.rows.flatMap(({ at, entry }) => {
      if (entry.type === 'claimed') claimed.set(`${entry.leg} ${entry.booking}`, at)
      if (entry.type !== 'deposited' && entry.type !== 'collected') return []
      const leg = entry.type === 'deposited' ? 'deposit' : 'collect'
      const since = claimed.get(`${leg} ${entry.booking}`) ?? Infinity
      const { openings, closings } = steel.door(entry.compartment)
      const open = openings.some(
        (opening, index) => opening.at <= at && (closings[index]?.at ?? Infinity) >= since,
      )
      return open
        ? []
        : [`${entry.booking} was called ${entry.type}, but ${entry.compartment} never opened for it`]
    })
  },
}

/** A8: whoever's things lie inside, the unit knows a booking there. */
const nothingForgotten: Check = {
  promise: 'A8 things lie in a door that the unit takes for free',
  breaches: ({ steel, life, journal }) => {
    const released = new Set(
      journal.flatMap(({ entry }) => (entry.type === 'released' ? [entry.compartment] : [])),
    )
    return steel.doors.flatMap(({ name, item }) => {
      const { known } = life.unit.present
      // Out of use, so that nobody else is sent there before somebody has looked.
      if (item === undefined || released.has(name) || known.held(name) !== undefined) return []
      return known.bookingIn(name)?.id === item
        ? []
        : [`${name} holds the things of ${item}, and the unit does not know`]
    })
  },
}

/** A9, A10: a doubt is an alarm, and only a person ends it. */
const doubtsAreShown: Check = {
  promise: 'A9 A10 a doubt not shown, or retried by software',
  breaches: ({ journal }) => {
    const doubted = new Map<string, 'doubt' | 'shown'>()
    return journal.flatMap(({ entry, seq }) => {
      switch (entry.type) {
        case 'in-doubt':
          doubted.set(entry.compartment, 'doubt')
          return []
        case 'alarm-raised':
          if (entry.alarm === 'in-doubt') doubted.set(entry.compartment, 'shown')
          return []
        case 'doubt-resolved':
          if (doubted.get(entry.compartment) === 'doubt')
            return [`row ${seq}: a doubt about ${entry.compartment} was never an alarm`]
          doubted.delete(entry.compartment)
          return []
        case 'unlock-ordered':
          return doubted.has(entry.compartment)
            ? [`row ${seq}: ${entry.compartment} was told to open while in doubt`]
            : []
        default:
          return []
      }
    })
  },
}

/** A13: once everything works again, nothing is left under way. */
const settles: Check = {
  promise: 'A13 no progress 120 s after all faults end',
  breaches({ life, steel }) {
    const { present, processes, site, devices } = life.unit
    return [
      ...[...processes.visits()].flatMap(({ visit }) =>
        visit.phase === 'unlocking' || visit.phase === 'asking'
          ? [`${visit.compartment} is still ${visit.phase}`]
          : [],
      ),
      ...steel.doors.flatMap(({ name, open }) =>
        present.known.door(name) === (open ? 'open' : 'closed')
          ? []
          : [`${name} is ${open ? 'open' : 'closed'}; the unit says ${present.known.door(name)}`],
      ),
      ...site.devices.flatMap(({ name }) =>
        devices.health(name).online ? [] : [`${name} is still offline`],
      ),
    ]
  },
}

const nothingRuined: Check = {
  promise: 'no device is ever told what would ruin it',
  breaches: ({ ruined }) => ruined,
}

/** Without any fault there is no doubt, and nothing is called stuck or unreachable. */
const calmIsClear: Check = {
  promise: 'A9 no doubt without a fault',
  breaches: ({ witness, journal }) =>
    witness.struck.size > 0
      ? []
      : journal.flatMap(({ entry, seq }) =>
          entry.type === 'in-doubt' || entry.type === 'stuck'
            ? [`row ${seq}: ${entry.type} in a run without faults`]
            : [],
        ),
}

export const checks: Check[] = [
  nobodyElsesDoor,
  writtenFirst,
  alarmInTime,
  cloudKnowsAll,
  instructionsEnd,
  noPhantoms,
  nothingForgotten,
  doubtsAreShown,
  settles,
  nothingRuined,
  calmIsClear,
]
