import { ear } from './ear.ts'
import type { Latches, LockTwin, Plug, Socket } from './peripheral.ts'

// request  02 ADDR LOCK CMD 03 SUM                                60 status, 61 unlock; LOCK 0–47
// reply    02 ADDR LOCK 75 hooks(6) infrared(6) 03 SUM             lock 1 is bit 0 of the first byte, 1 = closed
// One captured frame has 77 for 75; what for is not known. Here it is what a talkative firmware says to an unlock.

export interface Cu48Settings {
  address: number
  thinkMillis?: number
  echoes?: boolean
  /** Answers an unlock with a frame of type 77. */
  talkative?: boolean
  inverted?: boolean
  pulseMillis?: number
}

const LOCKS = 48

export function cu48Board(
  {
    address,
    thinkMillis = 2,
    echoes = false,
    talkative = false,
    inverted = false,
    pulseMillis = 550,
  }: Cu48Settings,
  latches: Latches,
): Plug {
  return (socket: Socket) => {
    const held = new Map<number, boolean>()
    const hookIn = (lock: number) => (held.get(lock) ?? latches.locked(lock)) !== inverted

    function say(type: number, lock: number): void {
      socket.after(thinkMillis, () =>
        socket.send(
          withSum([0x02, address, lock, type, ...bits(hookIn), ...bits(each => latches.item(each)), 0x03]),
        ),
      )
    }

    function heard(frame: Uint8Array): void {
      const [, to, lock = 0, command] = frame
      if (to !== address) return
      if (echoes) socket.send(frame)
      if (command === 0x60) say(0x75, 0)
      if (command !== 0x61 || lock >= LOCKS) return
      held.set(lock + 1, latches.locked(lock + 1))
      latches.energise(lock + 1)
      socket.after(pulseMillis, () => held.delete(lock + 1))
      if (talkative) say(0x77, lock)
    }

    return { receive: ear({ forgetAfter: 30, measure, heard }, socket.now).hear }
  }
}

function measure(bytes: Uint8Array): number | undefined {
  if (bytes[0] !== 0x02) return undefined
  if (bytes.length < 6) return 0
  return bytes[4] === 0x03 && bytes[5] === sum(bytes.subarray(0, 5)) ? 6 : undefined
}

const bits = (set: (lock: number) => boolean): number[] =>
  Array.from({ length: LOCKS / 8 }, (_, byte) =>
    Array.from({ length: 8 }, (_each, bit) => (set(byte * 8 + bit + 1) ? 1 << bit : 0)).reduce(
      (all, one) => all | one,
    ),
  )

const sum = (bytes: Iterable<number>): number => {
  let total = 0
  for (const byte of bytes) total += byte
  return total & 0xff
}

const withSum = (bytes: number[]): Uint8Array => Uint8Array.of(...bytes, sum(bytes))

const twin = (name: string, options: object, settings: Partial<Cu48Settings>): LockTwin => ({
  name,
  driver: 'kerong-cu48',
  baud: 19_200,
  options: { address: 1, channels: 8, ...options },
  plug: latches => cu48Board({ address: 1, ...settings }, latches),
})

export const lockTwins: LockTwin[] = [
  twin('plain', {}, {}),
  twin('talkative', {}, { talkative: true }),
  twin('echoing', {}, { echoes: true }),
  twin('other hooks', { closed_bit: 0 }, { inverted: true }),
]
