import { readPack } from '../../agent/domain/gs1.ts'
import type { Entry } from '../../agent/domain/journal.ts'
import { cloudKnowsAll, instructionsEnd } from '../rig/checks.ts'
import { nothingOfPersons, settles, stockIsTrue } from './checks-after.ts'
import type { ClinicCheck } from './evidence.ts'

type Of<Type extends Entry['type']> = Entry & { type: Type }

const packIn = (label: string) => {
  const read = readPack({ bytes: Buffer.from(label, 'latin1'), aim: ']d2' }, '2026-01-05')
  return read.ok ? read.pack : undefined
}

/** Nobody has more than was prescribed, or anything else. */
const neverTwice: ClinicCheck = {
  promise: 'A1 A4 nobody carries away more than was prescribed, or what was not',
  breaches: ({ clinic: { witness } }) =>
    witness.scripts.flatMap(({ id, gtin, packs, holds }) => {
      const wrong = holds.filter(name => {
        const label = witness.falls.find(fall => fall.id === name)?.label ?? ''
        return packIn(label)?.gtin !== gtin
      })
      return [
        ...(holds.length > packs
          ? [`${id} was for ${packs} packs and ${holds.length} were carried away`]
          : []),
        ...wrong.map(name => `${name} was carried away with ${id}, which is for something else`),
      ]
    }),
}

/** An order is given within two seconds, and a controller turns at once; repeats of its frames turn nothing. */
const TURN_WITHIN = 8_000

const eachTurnOrdered: ClinicCheck = {
  promise: 'A1 A10 no lane turns without an order of its own in the journal before it',
  breaches: ({ clinic: { witness } }) => {
    const orders = ordersOf(witness.rows)
    return witness.turns.flatMap(({ at, lane }) => {
      const place = orders.findIndex(
        each => each.entry.lane === lane && each.at <= at && at - each.at < TURN_WITHIN,
      )
      if (place >= 0) orders.splice(place, 1)
      return place >= 0 ? [] : [`lane ${lane} turned at ${at} without an order of its own`]
    })
  },
}

const ordersOf = (rows: { at: number; entry: Entry }[]) =>
  rows.flatMap(({ at, entry }) => (entry.type === 'vend-ordered' ? [{ at, entry }] : []))

/** The longest a session may take from the proof to the last turn: consultation, label, two packs. */
const SESSION = 600_000
const SLACK = 2_500

const turnNeedsRight: ClinicCheck = {
  promise: 'A2 A4 no lane turns but for a patient who proved to be the one, after a release, in time',
  breaches: ({ clinic: { witness } }) =>
    ordersOf(witness.rows).flatMap(({ at, entry: { prescription, order } }) => {
      const script = witness.scripts.find(({ id }) => id === prescription)
      if (!script) return [`${order} was for ${prescription}, which nobody prescribed`]
      const proof = witness.proofs.some(
        each => each.prescription === prescription && each.at <= at && at - each.at < SESSION,
      )
      const ended = witness.rows.some(
        row =>
          row.entry.type === 'prescription-ended' && row.entry.prescription === prescription && row.at < at,
      )
      return [
        ...(proof ? [] : [`${order} was given for ${prescription} and nobody had proved to be its patient`]),
        ...((script.released ?? Infinity) <= at
          ? []
          : [`${order}: no pharmacist had released ${prescription}`]),
        ...(at <= script.until + SLACK ? [] : [`${order} was given after the time of ${prescription}`]),
        ...(ended ? [`${order} was given after ${prescription} had ended`] : []),
      ]
    }),
}

/** The journal says that it is printed; what came out of the printer is what counts. */
const labelFirst: ClinicCheck = {
  promise: 'A2 no motor moves before the label is on paper',
  breaches: ({ clinic: { witness } }) => {
    let came = -Infinity
    return witness.rows.flatMap(({ at, entry }) => {
      if (entry.type === 'presented') came = at
      if (entry.type !== 'vend-ordered') return []
      const { prescription, order, serial } = entry
      const secret = witness.scripts.find(({ id }) => id === prescription)?.secret
      const labels = witness.labels.filter(label => label.at >= came && label.at <= at)
      const mine = labels.some(({ text }) => secret !== undefined && text.includes(secret))
      const others = labels.some(({ text }) =>
        witness.scripts.some(script => script.id !== prescription && text.includes(script.secret)),
      )
      return [
        ...(mine ? [] : [`${order} (${serial}) was given before a label of ${prescription} was on paper`]),
        ...(others ? [`somebody else's label was printed for ${prescription}`] : []),
      ]
    })
  },
}

/** The delivery door is let go only over what is right, and over all of that. */
const doorOverTheRight: ClinicCheck = {
  promise: 'A4 A8 the delivery door opens only over the packs of whoever stands there',
  breaches: ({ clinic: { witness } }) =>
    witness.openings.flatMap(({ at, tray }) => {
      const told = witness.rows.findLast(row => row.at <= at && row.entry.type === 'unlock-ordered')
      const purpose = told?.entry.type === 'unlock-ordered' ? told.entry.purpose : ''
      const script = witness.scripts.find(({ id }) => purpose === `deliver ${id}`)
      if (!script) return [`the delivery door was let go at ${at} for nobody (${purpose})`]
      const wrong = tray.filter(({ label }) => packIn(label)?.gtin !== script.gtin)
      return [
        ...wrong.map(
          ({ id }) => `the door opened for ${script.id} at ${at} over ${id}, which is another product`,
        ),
        ...(tray.length > script.packs ? [`the door opened for ${script.id} over ${tray.length} packs`] : []),
        ...(tray.length === 0 ? [`the door opened for ${script.id} at ${at} over an empty tray`] : []),
      ]
    }),
}

const noPhantoms: ClinicCheck = {
  promise: 'A8 told handed over without a hand, or a hand without a word',
  breaches: ({ clinic: { witness }, journal }) => {
    const told = new Set<string>()
    for (const { entry } of journal) {
      if (entry.type === 'handed-over') for (const { serial } of entry.packs) told.add(serial)
      if (entry.type === 'dispense-resolved' && entry.found === 'handed-over') told.add(entry.serial ?? '')
    }
    const held = new Set(witness.scripts.flatMap(({ holds }) => holds))
    return [
      ...[...told].filter(id => !held.has(id)).map(id => `${id} was called handed over, and nobody has it`),
      ...[...held]
        .filter(id => !told.has(id))
        .map(id => `${id} was carried away, and the unit does not say so`),
    ]
  },
}

const doubtsStand: ClinicCheck = {
  promise: 'A9 A10 a doubt not shown, or retried by software',
  breaches: ({ journal }) => {
    let held = false
    const open = new Map<string, number>()
    return journal.flatMap(({ entry, seq }) => {
      if (entry.type === 'dispense-held') held = true
      if (entry.type === 'dispense-resolved') held = false
      if (entry.type === 'vend-ordered') open.set(entry.order, seq)
      const again = entry.type === 'vend-ordered' && held
      return again ? [`row ${seq}: a lane was told to turn while what it gave out before was in doubt`] : []
    })
  },
}

/** What was ordered ends: as right, as unmoved, or held. */
const everyTurnEnds: ClinicCheck = {
  promise: 'A9 an order to a lane that never ends',
  breaches: ({ journal }) => {
    const open = new Map<string, number>()
    for (const { entry, seq } of journal) {
      if (entry.type === 'vend-ordered') open.set(entry.order, seq)
      if (entry.type === 'pack-checked') open.delete(entry.order)
      if (entry.type === 'dispense-held' && entry.order !== undefined) open.delete(entry.order)
      if (entry.type === 'vend-failed' && !entry.sent) open.delete(entry.order)
      if (entry.type === 'vend-seen' && entry.stage === 'not-moved') open.delete(entry.order)
    }
    return [...open].map(([order, seq]) => `row ${seq}: nobody ever said what became of ${order}`)
  },
}

const nothingBarred: ClinicCheck = {
  promise: 'A11 an expired, recalled or quarantined pack is given out',
  breaches: ({ clinic: { witness } }) =>
    ordersOf(witness.rows).flatMap(({ at, entry }) => {
      const fell = witness.falls.find(fall => fall.at >= at && fall.id === entry.serial)
      const pack = fell && packIn(fell.label)
      if (!pack) return []
      const barred = barredAt(witness.rows, at, { ...pack, lane: entry.lane })
      const expired = pack.expiry < '2026-01-05'
      return [
        ...(expired ? [`${entry.serial} had expired on ${pack.expiry}`] : []),
        ...(barred === undefined ? [] : [`${entry.serial} was given out under ${barred}`]),
      ]
    }),
}

function barredAt(
  rows: { at: number; entry: Entry }[],
  at: number,
  pack: { gtin: string; lot: string; lane: string },
): string | undefined {
  const inForce = new Map<string, Of<'recalled'>>()
  for (const row of rows) {
    if (row.at >= at) break
    if (row.entry.type === 'recalled') inForce.set(row.entry.recall, row.entry)
    if (row.entry.type === 'recall-lifted' || row.entry.type === 'recall-narrowed')
      inForce.delete(row.entry.recall)
  }
  return [...inForce.values()].find(
    ({ scope: { gtin = pack.gtin, lot = pack.lot, lane = pack.lane } }) =>
      gtin === pack.gtin && lot === pack.lot && lane === pack.lane,
  )?.recall
}

/** Without any fault nothing is in doubt: only hands slip, people leave things behind, and makers call back what is in the tray. */
const HUMAN: ReadonlySet<string> = new Set(['left-behind', 'wrong-pack', 'two-packs', 'barred'])

const calmIsClear: ClinicCheck = {
  promise: 'A9 no doubt without a fault',
  breaches: ({ clinic: { witness }, journal }) =>
    witness.struck.size > 0
      ? []
      : journal.flatMap(({ entry, seq }) =>
          entry.type === 'dispense-held' && !HUMAN.has(entry.why)
            ? [`row ${seq}: ${entry.why} in a run without faults`]
            : [],
        ),
}

const nothingRuined: ClinicCheck = {
  promise: 'no device is ever told what would ruin it',
  breaches: ({ ruined }) => ruined,
}

export const clinicChecks: ClinicCheck[] = [
  neverTwice,
  eachTurnOrdered,
  turnNeedsRight,
  labelFirst,
  doorOverTheRight,
  cloudKnowsAll,
  instructionsEnd,
  noPhantoms,
  doubtsStand,
  everyTurnEnds,
  nothingBarred,
  nothingOfPersons,
  settles,
  stockIsTrue,
  calmIsClear,
  nothingRuined,
]
