import { ear } from './ear.ts'
import type { Latches, LockTwin, Plug, Socket } from './peripheral.ts'

// request  [HEAD] [BOARD] [LOCK] [FUNC] [BCC]     BCC = exclusive or of all before it
// reply    [HEAD] [BOARD] [LOCK] [STATE] [BCC]    query all: 80 BOARD S… 33 BCC, the highest eight locks first
// A bad BCC, another board's number and an unknown function meet with silence.

export interface Lock8aSettings {
  /** As the DIP switch says, from 1. */
  address: number
  channels: number
  /** Sent in reply to query-all; boards with 8 channels that send three were seen. */
  statusBytes?: number
  /** What a locked channel reads as; 0x00 with the opposite contact. */
  lockedReads?: 0x11 | 0x00
  /** Some boards repeat each request before they reply. */
  echoes?: boolean
  /** The head of a change told unasked, on boards that do. */
  pushes?: 0x82 | 0x81
  /** `2025`: opens on function 33 instead of 11, can open all in sequence, be told to push, and be asked its version. */
  manual?: '2024' | '2025'
  pulseMillis?: number
  thinkMillis?: number
}

const OPEN_ALL_EVERY = 500

export function lock8aBoard(settings: Lock8aSettings, latches: Latches): Plug {
  const { address, channels, lockedReads = 0x11, echoes = false, manual = '2024', thinkMillis = 2 } = settings
  const statusBytes = settings.statusBytes ?? Math.ceil(channels / 8)
  const openFunction = manual === '2025' ? 0x33 : 0x11

  return (socket: Socket) => {
    let pulse = settings.pulseMillis ?? 300
    let push = settings.pushes
    const told = Array.from({ length: channels }, (_, index) => latches.locked(index + 1))

    const say = (...bytes: number[]) => socket.send(withBcc(bytes))
    const state = (lock: number) => (latches.locked(lock) ? lockedReads : 0x11 - lockedReads)

    const status = () =>
      Array.from({ length: statusBytes }, (_, byte) => {
        const first = (statusBytes - 1 - byte) * 8 + 1
        let bits = 0
        for (let bit = 0; bit < 8; bit++)
          if (first + bit <= channels && state(first + bit) === 0x11) bits |= 1 << bit
        return bits
      })

    /** Answers as soon as the switch shows that the lock opened, at the latest when the pulse is over. */
    function openOne(lock: number, done: () => void): void {
      const settle = () => {
        cancel()
        unwatch()
        socket.after(thinkMillis, done)
      }
      const unwatch = latches.watch(changed => changed === lock && !latches.locked(lock) && settle())
      const cancel = socket.after(pulse, settle)
      latches.energise(lock)
    }

    function openInTurn(locks: number[], done: () => void): void {
      for (const [turn, lock] of locks.entries())
        socket.after(turn * OPEN_ALL_EVERY, () => latches.energise(lock))
      socket.after(locks.length * OPEN_ALL_EVERY, done)
    }

    function obey(request: Uint8Array): void {
      const [head = 0, , lock = 0, code = 0] = request
      const everyLock = Array.from({ length: channels }, (_, index) => index + 1)
      const known = lock >= 1 && lock <= channels
      const later = (...reply: number[]) => socket.after(thinkMillis, () => say(...reply))

      if (head === 0x80 && code === 0x33 && lock === 0) later(0x80, address, ...status(), 0x33)
      else if (head === 0x80 && code === 0x33 && known) later(0x80, address, lock, state(lock))
      else if (head === 0x8a && code === openFunction && lock === 0)
        openInTurn(everyLock, () => say(0x8a, address, 0x00, openFunction))
      else if (head === 0x8a && code === openFunction && known)
        openOne(lock, () => say(0x8a, address, lock, state(lock)))
      else if (head === 0x90) openInTurn(marked(request.subarray(2, 5), channels), () => socket.send(request))
      else if (manual === '2025') obey2025(head, lock, code, later, everyLock)
    }

    function obey2025(
      head: number,
      lock: number,
      code: number,
      later: typeof say,
      everyLock: number[],
    ): void {
      if (head === 0x9d && code === 0x33) openInTurn(everyLock, () => say(0x9e, address, ...status()))
      else if (head === 0x8d) push = code === 0x01 ? 0x82 : undefined
      else if (head === 0x7e) pulse = code * 1_000
      else if (head === 0x82 && lock === 0x00 && code === 0x22) later(0x82, address, 0x00, 0xab)
    }

    latches.watch(lock => {
      if (lock > channels || told[lock - 1] === latches.locked(lock)) return
      told[lock - 1] = latches.locked(lock)
      if (push !== undefined) say(push, address, lock, state(lock))
    })

    const { hear } = ear(
      {
        forgetAfter: 30,
        measure,
        heard(request) {
          if (request[1] !== address) return
          if (echoes) socket.send(request)
          obey(request)
        },
      },
      socket.now,
    )
    return { receive: hear }
  }
}

const HEADS = new Set([0x80, 0x8a, 0x90, 0x9d, 0x8d, 0x7e, 0x82])

function measure(bytes: Uint8Array): number | undefined {
  const head = bytes[0] as number
  if (!HEADS.has(head)) return undefined
  const length = head === 0x90 ? 6 : 5
  if (bytes.length < length) return 0
  return bcc(bytes.subarray(0, length - 1)) === bytes[length - 1] ? length : undefined
}

/** Locks whose bits are set, the highest eight first. */
const marked = (masks: Uint8Array, channels: number): number[] =>
  Array.from({ length: channels }, (_, index) => index + 1).filter(
    lock => ((masks[masks.length - 1 - ((lock - 1) >> 3)] ?? 0) >> ((lock - 1) & 7)) & 1,
  )

const bcc = (bytes: Iterable<number>): number => {
  let sum = 0
  for (const byte of bytes) sum ^= byte
  return sum
}

const withBcc = (bytes: number[]): Uint8Array => Uint8Array.of(...bytes, bcc(bytes))

const twin = (name: string, options: object, settings: Partial<Lock8aSettings>): LockTwin => ({
  name,
  driver: 'lock-8a',
  baud: 9_600,
  options: { address: 1, channels: 8, ...options },
  plug: latches => lock8aBoard({ address: 1, channels: 8, ...settings }, latches),
})

export const lockTwins: LockTwin[] = [
  twin('plain', {}, {}),
  twin('echoing', {}, { echoes: true }),
  twin('three status bytes', { status_bytes: 3 }, { statusBytes: 3 }),
  twin('opposite contact', { closed_state: '00' }, { lockedReads: 0x00 }),
  twin('lock by lock', { query: 'one' }, {}),
  twin('2025', { open_function: '33' }, { manual: '2025' }),
  twin('pushing', {}, { pushes: 0x82 }),
]
