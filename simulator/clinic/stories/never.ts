import type { Act } from '../../../agent/domain/effect.ts'
import type { Entry } from '../../../agent/domain/journal.ts'
import { heldPacks } from '../../../agent/domain/prescription.ts'
import { packId } from '../../../agent/domain/stock.ts'
import { DELIVERY } from '../site.ts'
import type { Cause, Terms } from './cause.ts'
import type { Kiosk } from './kiosk-story.ts'
import { type Gone, openShelfBook } from './shelf-book.ts'

interface Served {
  prescription: string
  token: string
  verified: boolean
  joined: boolean
  consulted: boolean
  paid: boolean
  printed: boolean
  /** What lanes were told to give out and perhaps did, by order. */
  ordered: Map<string, Gone>
  checked: Set<string>
  held: boolean
  /** The power went since it began. */
  dark: boolean
}

type Of<Type extends Entry['type']> = Entry & { type: Type }

/** Holds everything a kiosk wrote down and did against what must never happen; throws a sentence when it did. */
export function openJudge(s: Kiosk, terms: Terms) {
  const book = openShelfBook()
  const orders = new Set<string>()
  const spent = new Set<string>()
  const given = new Map<string, Gone[]>()
  const kept = new Map<string, number>()
  let served: Served | undefined
  let phase = s.phase()
  let upTo = 0

  function must(right: boolean, says: string): asserts right {
    if (!right) throw new Error(says)
  }

  function session(entry: Entry): Served {
    must(served !== undefined, `${entry.type} while nobody is served`)
    return served
  }

  function heard(entry: Entry, cause: Cause): void {
    book.hear(entry)
    switch (entry.type) {
      case 'presented':
        return presented(entry, cause)
      case 'verified':
        return verified(entry, cause)
      case 'consult-joined':
        must(cause.type === 'joined' && cause.prescription === entry.prescription, 'joined by nobody')
        session(entry).joined = true
        return
      case 'consult-ended':
        // Before somebody is served it is that before loading, which counts for no session.
        if (served?.prescription !== entry.prescription) return
        must(cause.type === 'consulted' && cause.prescription === entry.prescription, 'consulted by nobody')
        must(served.joined, 'a consultation ended that nobody joined')
        served.consulted = true
        return
      case 'paid':
        must(cause.type === 'approved', 'paid without the terminal')
        session(entry).paid = true
        return
      case 'printed':
        must(cause.type === 'took', 'printed without the word of the printer')
        session(entry).printed = true
        return
      case 'vend-ordered':
        return vendOrdered(entry, session(entry))
      case 'vend-seen':
        if (entry.stage === 'not-moved') served?.ordered.delete(entry.order)
        return
      case 'vend-failed':
        if (!entry.sent) served?.ordered.delete(entry.order)
        return
      case 'pack-checked':
        must(cause.type === 'seen', 'a pack was checked that nobody read')
        session(entry).checked.add(entry.order)
        return
      case 'dispense-held':
        session(entry).held = true
        spent.add(session(entry).token)
        return
      case 'doubt-resolved':
        if (entry.compartment === DELIVERY && entry.how === 'opened' && served) served.held = false
        return
      case 'dispense-resolved':
        must(cause.type === 'resolve', 'resolved by nobody')
        if (entry.found === 'handed-over')
          gave(entry.prescription, [{ gtin: entry.gtin ?? '', serial: entry.serial ?? '' }])
        served = undefined
        return
      case 'handed-over':
        return handedOver(entry, session(entry))
      case 'session-ended':
        served = undefined
        return
      case 'settle-ordered':
        if (entry.kept) kept.set(entry.prescription, (kept.get(entry.prescription) ?? 0) + 1)
        must((kept.get(entry.prescription) ?? 0) < 2, `${entry.prescription} was paid twice`)
        return
    }
  }

  function presented({ prescription }: Of<'presented'>, cause: Cause): void {
    must(cause.type === 'show', 'presented without a code')
    must(served === undefined, 'presented while somebody is served')
    must(!spent.has(cause.token), 'a code that gave something out was taken again')
    const nothing = { verified: false, joined: false, consulted: false, paid: false, printed: false }
    const { token } = cause
    served = {
      prescription,
      token,
      ...nothing,
      ordered: new Map(),
      checked: new Set(),
      held: false,
      dark: false,
    }
  }

  function verified(entry: Of<'verified'>, cause: Cause): void {
    const { prescription, how } = entry
    const proof = how === 'factor' ? 'digits' : how === 'pharmacist' ? 'identified' : 'show'
    must(cause.type === proof, `verified by ${how} without it`)
    must(how !== 'none' || !terms.factor, 'verified without the second factor the policy asks for')
    must(
      !('prescription' in cause) || cause.prescription === prescription,
      'verified by the proof of another',
    )
    session(entry).verified = true
  }

  function vendOrdered({ order, prescription, lane, gtin, serial }: Of<'vend-ordered'>, now: Served): void {
    must(now.prescription === prescription, 'a lane was told to turn for somebody else')
    must(now.verified, 'a lane was told to turn for somebody who proved nothing')
    must(now.consulted || !terms.consult, 'a lane was told to turn without the consultation')
    must(
      now.paid || (terms.prescribed.get(prescription)?.due ?? 0) === 0 || kept.has(prescription),
      'a lane was told to turn unpaid',
    )
    must(now.printed, 'a lane was told to turn without a label')
    must(!now.held, 'a lane was told to turn while held')
    must(!now.dark, 'a lane was told to turn after a power cut')
    must(
      [...now.ordered.keys()].every(each => now.checked.has(each)),
      'a lane was told to turn before the last pack was checked',
    )
    must(
      book.barred({ gtin, serial }) === undefined,
      `${serial} may not be given out: ${book.barred({ gtin, serial })}`,
    )
    const gone = new Set([...now.ordered.values()].map(packId))
    must(book.front(lane, gone) === packId({ gtin, serial }), `${serial} is not the front of lane ${lane}`)
    now.ordered.set(order, { gtin, serial })
  }

  function handedOver({ prescription, packs }: Of<'handed-over'>, now: Served): void {
    must(now.prescription === prescription && !now.held, 'handed over to nobody')
    must(allChecked(now), 'handed over what was never checked')
    const right = [...now.ordered.values()].map(packId).toSorted().join()
    must(packs.map(packId).toSorted().join() === right, 'handed over is not what was given out')
    gave(prescription, packs)
    spent.add(now.token)
    served = undefined
  }

  function gave(prescription: string, packs: Gone[]): void {
    const all = [...(given.get(prescription) ?? []), ...packs]
    given.set(prescription, all)
    for (const [gtin, most] of terms.prescribed.get(prescription)?.packs ?? [])
      must(all.filter(pack => pack.gtin === gtin).length <= most, `${prescription} was given out twice`)
    const everywhere = [...given.values()].flat().map(packId)
    must(new Set(everywhere).size === everywhere.length, 'one pack was given out twice')
  }

  const allChecked = ({ ordered, checked }: Served): boolean =>
    ordered.size > 0 && [...ordered.keys()].every(order => checked.has(order))

  function acted(act: Act, entries: Entry[], cause: Cause): void {
    if (act.type === 'trigger') return
    const word = entries.find(
      entry => entry.type === `${act.type}-ordered` && 'order' in entry && entry.order === act.order,
    )
    must(word !== undefined, `${act.type} ${act.order} was done without its word in the same step`)
    must(!orders.has(act.order), `${act.order} was done twice`)
    orders.add(act.order)
    if (act.type !== 'settle') must(cause.type !== 'restart', `${act.type} because of a restart`)
    if (word.type === 'unlock-ordered') unlocked(word, cause)
    if (act.type === 'print' || act.type === 'charge')
      must(served !== undefined && !served.held && !served.dark, `${act.type} for nobody`)
  }

  function unlocked({ purpose }: Of<'unlock-ordered'>, cause: Cause): void {
    if (purpose === 'maintenance') {
      must(cause.type !== 'cloud', 'the delivery door was opened from afar')
      return must(
        served === undefined || served.held,
        'the delivery door was opened under the hands of a patient',
      )
    }
    must(
      served !== undefined && purpose === `deliver ${served.prescription}`,
      'the delivery door was opened for nobody',
    )
    must(allChecked(served), 'the delivery door was opened over what was never checked')
    must(!served.held && !served.dark, 'the delivery door was opened over a doubt')
    const barred = [...served.ordered.values()].flatMap(pack => book.barred(pack) ?? [])
    must(barred.length === 0, `the delivery door was opened over what may not be given out: ${barred}`)
  }

  function standing(cause: Cause): void {
    const now = s.phase()
    if (phase === 'held' && now !== 'held')
      must(
        cause.type === 'resolve' || (cause.type === 'found' && now === 'delivering'),
        `held was left by ${cause.type}`,
      )
    phase = now
    const held = [...s.known().prescriptions()].flatMap(each => heldPacks(each).map(packId))
    must(new Set(held).size === held.length, 'one pack is held for two')
  }

  return {
    /** Looks at what followed. */
    check(cause: Cause): void {
      if (cause.type === 'restart' && served) served.dark = true
      for (; upTo < s.steps.length; upTo++) {
        const { entries = [], acts = [] } = s.steps[upTo] ?? {}
        for (const entry of entries) heard(entry, cause)
        for (const act of acts) acted(act, entries, cause)
      }
      standing(cause)
    },
  }
}
