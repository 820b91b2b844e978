import type { CompartmentConfig, Site } from '../config/site.ts'
import { amended, type Booking } from './domain/booking.ts'
import { type Seal, sameSeal } from './domain/codes.ts'
import type { DoorReading } from './domain/door.ts'
import type { Effect } from './domain/effect.ts'
import type { Known } from './domain/known.ts'
import { dateAt } from './domain/stock.ts'
import type { Happening } from './happenings.ts'
import type { Processes } from './processes.ts'
import { openStock } from './stock.ts'
import type { Store } from './store/open.ts'
import type { Instruction } from './sync/instructions.ts'
import type { UnitTime } from './time.ts'

/** What the unit knows now: what its sensors say, who has booked what, what is out of use. */
export function openPresent(site: Site, store: Store, processes: Processes, time: UnitTime, seal: Seal) {
  const compartments = new Map(site.compartments.map(each => [each.name, each]))
  const channels = new Map(site.compartments.map(each => [`${each.device}\n${each.channel}`, each]))
  const doors = new Map<string, DoorReading>()
  const bookings = new Map<string, Booking>(store.bookings.all().map(each => [each.id, each]))
  const inside = new Map<string, Booking>()
  const held = new Map(store.holds.all().map(({ compartment, why }) => [compartment, why]))
  const stock = openStock(site, store.packs)
  for (const booking of bookings.values()) if (booking.compartment) inside.set(booking.compartment, booking)

  const at = (device: string, channel: number): CompartmentConfig | undefined =>
    channels.get(`${device}\n${channel}`)

  const known: Known = {
    site,
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
    compartmentAt: at,
    door: name => doors.get(name) ?? 'unknown',
    booking: id => bookings.get(id),
    bookingIn: compartment => inside.get(compartment),
    held: compartment => held.get(compartment),
    visitAt: processes.visitAt,
    visits: processes.visits,
    legFor({ id, legs }, code) {
      if (sameSeal(legs.deposit.seal, seal(id, 'deposit', code))) return 'deposit'
      return sameSeal(legs.collect.seal, seal(id, 'collect', code)) ? 'collect' : undefined
    },
    lane: stock.lane,
    packsIn: stock.packsIn,
    pack: stock.pack,
    product: stock.product,
    get restocking() {
      return processes.restocking()
    },
    get today() {
      return dateAt(time.wall(), site.kiosk?.time_zone ?? 'UTC')
    },
    remoteOpens(since) {
      let count = 0
      for (const { workflow, state } of processes.all())
        if (
          workflow === 'instruction' &&
          isOpen(state as Instruction) &&
          (state as Instruction).accepted > since
        )
          count++
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
      if (report.type === 'door') {
        const door = at(device, report.channel)
        if (door) doors.set(door.name, report.open ? 'open' : 'closed')
      }
      if (report.type === 'offline')
        for (const { name, device: own } of site.compartments) if (own === device) doors.set(name, 'unknown')
    },
    /** Keeps what an effect says, in memory and in the transaction that is open. */
    keep(effect: Kept): void {
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
          return stock.keep(effect.pack)
        case 'forget-pack':
          return stock.forget(effect)
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

type Kept = Effect & {
  type: 'keep-booking' | 'amend-booking' | 'forget-booking' | 'keep-pack' | 'forget-pack' | 'hold' | 'release'
}

export type Present = ReturnType<typeof openPresent>

const isOpen = ({ kind }: Instruction): boolean => kind === 'open'
