import { createHmac } from 'node:crypto'
import type { PolicyPack } from '../config/policy-pack.ts'
import type { Site } from '../config/site.ts'
import type { Millis } from '../drivers/host/clock.ts'
import { amended, type Booking } from './domain/booking.ts'
import { factorSeal, sameSeal, sealWith } from './domain/codes.ts'
import type { Keep } from './domain/effect.ts'
import type { Known } from './domain/known.ts'
import { readStatement } from './domain/statement.ts'
import { dateAt } from './domain/stock.ts'
import { responseTo } from './domain/technician-code.ts'
import type { Happening } from './happenings.ts'
import { openPads } from './pads.ts'
import { openPharmacy } from './pharmacy.ts'
import type { Processes } from './processes.ts'
import { openRights } from './rights.ts'
import { openSensed } from './sensed.ts'
import type { Store } from './store/open.ts'
import type { Instruction } from './sync/instructions.ts'
import type { UnitTime } from './time.ts'
import type { PowerState } from './workflows/power.ts'
import type { Round } from './workflows/round.ts'
import type { Technician } from './workflows/technician.ts'

export interface PresentParts {
  site: Site
  store: Store
  processes: Processes
  time: UnitTime
  /** The unit's key. */
  key: Uint8Array
  /** The policy pack, if its pharmacist signed it off. */
  rules?: PolicyPack | undefined
  /** What technicians' codes are made with at this unit (TECHNICIAN-CODES.md). */
  technicianSecret?: Uint8Array | undefined
  /** When the cloud was last heard, on the wall clock. */
  contact?(): Millis | undefined
}

/** Every line was opened and every device asked by then. */
const AWAKE: Millis = 10_000

/** What the unit knows now: what its sensors say, who has booked what, what is out of use. */
export function openPresent({
  site,
  store,
  processes,
  time,
  key,
  rules,
  contact,
  technicianSecret,
}: PresentParts) {
  const compartments = new Map(site.compartments.map(each => [each.name, each]))
  const bookings = new Map<string, Booking>(store.bookings.all().map(each => [each.id, each]))
  const inside = new Map<string, Booking>()
  const held = new Map(store.holds.all().map(({ compartment, why }) => [compartment, why]))
  const pharmacy = openPharmacy(site, store)
  const rights = openRights(site, store)
  const pads = openPads(time.at)
  const sensed = openSensed(site)
  const seal = sealWith(key)
  const started = time.at()
  const dispensing = site.kiosk?.dispense
  const keypads = new Set(site.access?.keypads)
  for (const booking of bookings.values()) if (booking.compartment) inside.set(booking.compartment, booking)
  const today = (): string => dateAt(time.wall(), site.kiosk?.time_zone ?? 'UTC')

  const known: Known = {
    site,
    rules,
    get at() {
      return time.at()
    },
    get wall() {
      return time.wall()
    },
    get nextOrder() {
      return `o${store.journal.head().seq + 1}`
    },
    compartment: name => compartments.get(name),
    compartmentAt: sensed.compartmentAt,
    door: sensed.door,
    item: sensed.item,
    booking: id => bookings.get(id),
    bookings: () => bookings.values(),
    bookingIn: compartment => inside.get(compartment),
    cycles: compartment =>
      (processes.get('latch-watch', compartment) as { cycles?: number } | undefined)?.cycles ?? 0,
    held: compartment => held.get(compartment),
    visitAt: processes.visitAt,
    visits: processes.visits,
    legFor({ id: own, of: id = own, legs }, code) {
      if (sameSeal(legs.deposit.seal, seal(id, 'deposit', code))) return 'deposit'
      return sameSeal(legs.collect.seal, seal(id, 'collect', code)) ? 'collect' : undefined
    },
    lane: pharmacy.lane,
    packsIn: pharmacy.packsIn,
    pack: pharmacy.pack,
    packs: pharmacy.packs,
    product: pharmacy.product,
    get shelf() {
      return pharmacy.shelfOn(today())
    },
    prescription: pharmacy.prescription,
    prescriptions: pharmacy.prescriptions,
    recall: pharmacy.recall,
    recalls: pharmacy.recalls,
    get machine() {
      return processes.atMachine()
    },
    input: sensed.input,
    online: sensed.online,
    get awake() {
      return time.at() - started >= AWAKE
    },
    celsius: sensed.celsius,
    printerReady: sensed.printerReady,
    get contact() {
      return contact?.()
    },
    get technician() {
      return (processes.get('technician', 'technician') as Technician | undefined)?.present
    },
    get challengeBytes() {
      const place = `challenge\n${store.facts.epoch()}\n${store.journal.head().seq}`
      return createHmac('sha256', key).update(place).digest().subarray(0, 8)
    },
    respond: technicianSecret && (challenge => responseTo(technicianSecret, challenge)),
    get stage() {
      return (processes.get('power', 'mains') as PowerState | undefined)?.stage ?? 'normal'
    },
    get pharmacistUntil() {
      return (processes.get('duty', 'pharmacist') as { until: Millis } | undefined)?.until
    },
    sealDigit: factorSeal(key),
    readToken: rights.readToken,
    readStatement: text => readStatement(text, dispensing?.pharmacists ?? []),
    typed: pads.ended,
    get pinOf() {
      const at = processes.get('round', 'staff') as Round | undefined
      const found = at?.phase === 'pin' ? site.staff.find(({ name }) => name === at.by) : undefined
      return found?.pin === undefined ? undefined : { by: found.name, sealed: found.pin }
    },
    readRevocations: rights.readRevocations,
    get revocations() {
      return rights.revocations()
    },
    tokensUsedFor: rights.usedFor,
    tokenUsed: rights.used,
    get timeKnown() {
      return time.known()
    },
    get today() {
      return today()
    },
    remoteOpens(since) {
      let count = 0
      for (const state of processes.of('instruction')) if (isOpen(state as Instruction, since)) count++
      return count
    },
  }

  function forget(id: string): void {
    const compartment = bookings.get(id)?.compartment
    if (compartment) inside.delete(compartment)
    bookings.delete(id)
  }

  function keepBooking(booking: Booking): void {
    forget(booking.id)
    bookings.set(booking.id, booking)
    if (booking.compartment) inside.set(booking.compartment, booking)
    store.bookings.save(booking)
  }

  return {
    known,
    /** Takes in what a sensor said, before anyone is asked what follows from it. */
    observe(happening: Happening): void {
      if (happening.type !== 'report') return
      const { device, report } = happening
      sensed.hear(device, report)
      if (report.type === 'key' && keypads.has(device)) pads.press(device, report.key)
    },
    /** Keeps what an effect says, in memory and in the transaction that is open. */
    keep(effect: Keep): void {
      switch (effect.type) {
        case 'keep-booking':
          return keepBooking(effect.booking)
        case 'amend-booking': {
          const booking = bookings.get(effect.booking)
          if (booking) keepBooking(amended(booking, effect))
          return
        }
        case 'forget-booking':
          forget(effect.booking)
          return store.bookings.remove(effect.booking)
        case 'keep-pack':
          return pharmacy.keepPack(effect.pack)
        case 'forget-pack':
          return pharmacy.forgetPack(effect)
        case 'keep-prescription':
          return pharmacy.keepPrescription(effect.prescription)
        case 'change-prescription':
          return pharmacy.changePrescription(effect.prescription, effect)
        case 'forget-prescription':
          return pharmacy.forgetPrescription(effect.prescription)
        case 'keep-recall':
          return pharmacy.keepRecall(effect.recall)
        case 'forget-recall':
          return pharmacy.forgetRecall(effect.recall)
        case 'use-token':
          return rights.useToken(effect, time.wall())
        case 'keep-revocations':
          return rights.keepRevocations(effect.list)
        case 'keep-box':
          return store.vault.save(effect.name, effect.box)
        case 'shred-box':
          return store.vault.remove(effect.name)
        case 'hold':
          held.set(effect.compartment, effect.why)
          return store.holds.save(effect.compartment, effect.why)
        case 'release':
          held.delete(effect.compartment)
          return store.holds.remove(effect.compartment)
      }
    },
  }
}

export type Present = ReturnType<typeof openPresent>

const isOpen = ({ kind, accepted }: Instruction, since: Millis): boolean =>
  (kind === 'open' || kind === 'return') && accepted > since
