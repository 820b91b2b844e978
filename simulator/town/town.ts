import { systemEntropy } from '../../drivers/host/entropy.ts'
import { newSigner } from '../cloud/mint.ts'
import { cu16Board } from '../devices/cu16-board.ts'
import { lineScanner } from '../devices/line-scanner.ts'
import { lock8aBoard } from '../devices/lock-8a-board.ts'
import { openStation, type StationSettings } from './station.ts'

const LEFT = ['A1', 'A2', 'A3', 'A4', 'A5', 'A6', 'A7', 'A8']
const RIGHT = ['B1', 'B2', 'B3', 'B4', 'B5', 'B6', 'B7', 'B8']

/**
 * The auto centre: two boards of eight doors and the scanner on the counter. `access`: more about who may open doors, beside
 * the key of its operator.
 */
export async function openTown({ access = {}, ...settings }: StationSettings & { access?: object } = {}) {
  const scanner = lineScanner({ aim: true })
  const signer = newSigner('operator', systemEntropy.bytes(32))
  const left = {
    name: 'board-left',
    driver: 'lock-8a',
    options: { address: 1, channels: 8, status_bytes: 3 },
    doors: LEFT,
    plug: (latches: Parameters<typeof lock8aBoard>[1]) =>
      lock8aBoard({ address: 1, channels: 8, statusBytes: 3, pushes: 0x82 }, latches),
  }
  const right = {
    name: 'board-right',
    driver: 'kerong-cu16',
    options: { address: 0 },
    doors: RIGHT,
    plug: (latches: Parameters<typeof cu16Board>[1]) => cu16Board({ address: 0 }, latches),
  }
  const counter = {
    name: 'scanner',
    driver: 'line-scanner',
    options: { suffix: 'cr' },
    plug: () => scanner.plug,
  }
  const station = await openStation(
    {
      left: { baud: 9_600, devices: [left] },
      right: { baud: 19_200, devices: [right] },
      counter: { baud: 115_200, devices: [counter] },
    },
    {
      ...settings,
      site: {
        ...settings.site,
        access: { token_keys: [{ id: signer.id, key: signer.key }], ...access },
      },
    },
  )
  let shown = 0
  const { clock } = station
  return {
    ...station,
    scanner,
    /** What a phone shows for a booking, for an hour from now. */
    token(booking: string, action: string): string {
      const now = clock.wall()
      const id = Buffer.from(String(++shown).padStart(12, '0'))
      return signer.token({
        ...{ subject: booking, unit: station.unit, action, id },
        ...{ notBefore: now, expires: now + 3_600_000 },
      })
    },
  }
}

export type Town = Awaited<ReturnType<typeof openTown>>
