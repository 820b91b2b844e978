import type { Booking } from '../../agent/domain/booking.ts'
import { sealWith } from '../../agent/domain/codes.ts'
import { openStore } from '../../agent/store/open.ts'
import { SIZES } from '../../config/site.ts'
import { xor8 } from '../../drivers/checksums.ts'
import { systemEntropy } from '../../drivers/host/entropy.ts'
import type { Listener, OpenLine } from '../../drivers/host/line.ts'

/** A locker bank of 8A boards, all alike: `doors` on each board, `boards` on each line. */
export interface Bank {
  lines: number
  boards: number
  doors: number
  bookings: number
}

export const KEY = new Uint8Array(32).fill(9)
export const CODES = { deposit: '1111', collect: '2222' } as const
/** More than one, because each refuses only so many codes before it locks out. */
export const SCANNERS = 4
const DAY = 86_400_000
/** Bookings end, one after the other, from tomorrow on for a month. */
const DAYS = 30

export const doorsOf = ({ lines, boards, doors }: Bank): number => lines * boards * doors
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index)
const sizeAt = (index: number) => SIZES[1 + (index % 3)] ?? 'M'

/** Names of the doors, in the order of the site file. */
export const doorNames = (bank: Bank): string[] => numbers(doorsOf(bank)).map(index => `D${index + 1}`)

/** The site file of such a bank. */
export function bankSite(bank: Bank): string {
  const all = numbers(bank.lines * bank.boards)
  const groups = Math.ceil(bank.doors / 8)
  return [
    'unit: bench',
    'lines:',
    ...numbers(bank.lines).map(line => `  - { name: line-${line}, serial: { path: /dev/bench-${line} } }`),
    ...numbers(SCANNERS).map(at => `  - { name: counter-${at}, serial: { path: /dev/counter-${at} } }`),
    'devices:',
    ...all.map(
      board =>
        `  - { name: board-${board}, line: line-${Math.floor(board / bank.boards)}, driver: lock-8a, options: { address: ${(board % bank.boards) + 1}, channels: ${bank.doors}, status_bytes: ${groups} } }`,
    ),
    ...numbers(SCANNERS).map(
      at =>
        `  - { name: scanner-${at}, line: counter-${at}, driver: line-scanner, options: { same_code_ms: 0 } }`,
    ),
    'compartments:',
    ...doorNames(bank).map(
      (name, index) =>
        `  - { name: ${name}, size: ${sizeAt(index)}, height_mm: ${300 + ((index * 37) % 1_700)}, device: board-${Math.floor(index / bank.doors)}, channel: ${(index % bank.doors) + 1} }`,
    ),
    'policy: { lockout_failures: 100, lockout_window_seconds: 10, lockout_seconds: 10 }',
    '',
  ].join('\n')
}

/** What the bench calls its bookings; the first ones are stored already. */
export const bookingName = (index: number): string => `B${index}`

/** How many of the bookings lie behind a door already: half of the doors are full. */
export const storedIn = (bank: Bank): number => Math.min(bank.bookings, Math.floor(doorsOf(bank) / 2))

/** The disk as it is after weeks: so many bookings, half of the doors full, every lock opened some times. */
export function fillDisk(path: string, bank: Bank): void {
  const store = openStore(path, KEY, systemEntropy)
  const seal = sealWith(KEY)
  const wall = Date.now()
  const names = doorNames(bank)
  store.atomically(() => {
    for (const [index, name] of names.entries()) {
      const latch = { cycles: 20 + ((index * 53) % 180), typical: 120, took: 120, against: 0, slow: false }
      store.processes.save('latch-watch', name, latch, undefined)
      store.processes.save('door-watch', name, { last: 'closed', alarms: [] }, undefined)
    }
    for (const index of numbers(bank.bookings)) {
      const id = bookingName(index)
      const until = wall + DAY + Math.floor((index * DAYS * DAY) / bank.bookings)
      const terms = (by: 'customer' | 'staff', leg: 'deposit' | 'collect') => ({
        by,
        seal: seal(id, leg, CODES[leg]),
        until,
        tries: 0,
        burnt: false,
      })
      // Every other door is full.
      const stored = index < storedIn(bank) ? names[index * 2] : undefined
      const booking: Booking = {
        id,
        size: sizeAt(index * 2),
        low_reach: false,
        stage: stored === undefined ? 'expected' : 'stored',
        ...(stored === undefined ? {} : { compartment: stored }),
        legs: { deposit: terms('customer', 'deposit'), collect: terms('staff', 'collect') },
      }
      store.bookings.save(booking)
      store.processes.save('booking', id, { lapses: until }, until)
      store.journal.append(wall, { type: 'booked', booking: id, size: booking.size, low_reach: false })
    }
  })
  store.close()
}

/** Boards on one line that answer at once, so that only the agent's own time counts. */
export function bankLine(boards: number, doors: number, ordered: (board: number, lock: number) => void) {
  let listener: Listener | undefined
  const groups = Math.ceil(doors / 8)
  const status = numbers(boards).map(() => new Uint8Array(groups).fill(0xff))
  const say = (...body: number[]) => {
    const frame = Uint8Array.of(...body, xor8(Uint8Array.from(body)))
    setImmediate(() => listener?.read(frame))
  }

  function turn(board: number, lock: number, open: boolean): void {
    const bits = status[board - 1]
    const group = groups - 1 - ((lock - 1) >> 3)
    const bit = 1 << ((lock - 1) & 7)
    if (bits) bits[group] = open ? (bits[group] ?? 0) & ~bit : (bits[group] ?? 0) | bit
  }

  const open: OpenLine = async hearer => {
    listener = hearer
    return {
      write([head, board = 0, lock = 0]) {
        if (head === 0x80) return say(0x80, board, ...(status[board - 1] ?? []), 0x33)
        if (head !== 0x8a) return
        ordered(board, lock)
        turn(board, lock, true)
        say(0x8a, board, lock, 0x00)
      },
      close() {
        listener = undefined
      },
    }
  }

  return {
    open,
    /** By hand; the board says so unasked, as some do. */
    move(board: number, lock: number, isOpen: boolean): void {
      turn(board, lock, isOpen)
      say(0x82, board, lock, isOpen ? 0x00 : 0x11)
    },
  }
}

/** A scanner as the agent hears it. */
export function counter() {
  let listener: Listener | undefined
  const open: OpenLine = async hearer => {
    listener = hearer
    return {
      write() {},
      close() {
        listener = undefined
      },
    }
  }
  return { open, scan: (text: string) => listener?.read(Buffer.from(`${text}\r`)) }
}
