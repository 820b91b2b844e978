import { cu12Board } from '../devices/cu12-board.ts'
import { cu16Board } from '../devices/cu16-board.ts'
import { cu48Board } from '../devices/cu48-board.ts'
import { modbusRelayBoard } from '../devices/modbus-relay-board.ts'
import type { Latches, Plug } from '../devices/peripheral.ts'
import type { Random } from '../world/random.ts'

/** A board that a locker bank may have been built with, and what its site file says of it. */
export interface BoardKind {
  driver: string
  baud: number
  options: object
  plug(latches: Latches, echoes: boolean): Plug
}

/** Of one of them half of all banks are built; the others share the rest. */
const KINDS: BoardKind[] = [
  {
    driver: 'kerong-cu16',
    baud: 19_200,
    options: {},
    plug: (latches, echoes) => cu16Board({ address: 0, echoes }, latches),
  },
  {
    driver: 'kerong-cu12',
    baud: 19_200,
    options: {},
    plug: (latches, echoes) => cu12Board({ address: 0, echoes }, latches),
  },
  {
    driver: 'kerong-cu48',
    baud: 19_200,
    options: { channels: 6 },
    plug: (latches, echoes) => cu48Board({ address: 0, echoes }, latches),
  },
  {
    driver: 'modbus-relay',
    baud: 9_600,
    options: { channels: 6 },
    plug: (latches, echoes) => modbusRelayBoard({ address: 1, echoes }, latches).plug,
  },
]

/** Whose board this bank was built with. */
export const drawBoard = (random: Random): BoardKind => {
  const [usual, ...others] = KINDS
  const drawn = random.chance(1, 2) ? usual : others[random.between(0, others.length - 1)]
  if (!drawn) throw new Error('there are no boards to draw from')
  return drawn
}
