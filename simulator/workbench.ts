import type { Latches, Plug } from './devices/peripheral.ts'
import { cabinet } from './world/cabinet.ts'
import { virtualClock } from './world/clock.ts'

/** One device on a table, its doors beside it, and somebody who types bytes in hexadecimal. */
export function workbench(device: (latches: Latches) => Plug, doors = 16) {
  const clock = virtualClock({ wall: 0 })
  const names = Array.from({ length: doors }, (_, index) => String(index + 1))
  const steel = cabinet({ clock, names })
  const heard: string[] = []
  const ruined: string[] = []
  const { receive } = device(steel.latches(names))({
    now: clock.now,
    after: clock.after,
    send: bytes => void heard.push(toHex(bytes)),
    ruined: why => void ruined.push(why),
  })

  return {
    clock,
    steel,
    ruined,
    door: (number: number) => steel.door(String(number)),
    /** The numbers of the doors that stand open. */
    open: () => steel.doors.filter(door => door.open).map(({ name }) => Number(name)),
    /** Opens all but these with a key, so that only these are locked. */
    lockOnly(...locked: number[]) {
      for (const door of steel.doors) if (!locked.includes(Number(door.name))) door.openByHand()
    },
    /** Says something, and tells what was heard until `wait` is over. */
    async say(hex: string, wait = 100): Promise<string[]> {
      heard.length = 0
      receive(fromHex(hex))
      await clock.pass(wait)
      return [...heard]
    },
    /** Tells what is heard from `act` on until `wait` is over. */
    async hear(wait: number, act = () => {}): Promise<string[]> {
      heard.length = 0
      act()
      await clock.pass(wait)
      return [...heard]
    },
  }
}

export const fromHex = (hex: string): Uint8Array =>
  Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))

export const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, byte => byte.toString(16).padStart(2, '0').toUpperCase()).join(' ')
