import { expect, test } from 'vitest'
import { openRing, readCapture, tapInto, writeCapture } from '../../drivers/capture.ts'
import type { Report } from '../../drivers/device.ts'
import { kerongCu16 } from '../../drivers/kerong-cu16/driver.ts'
import { openSharedLine } from '../../drivers/shared-line.ts'
import { cu16Board } from '../devices/cu16-board.ts'
import type { Plug } from '../devices/peripheral.ts'
import { type Passed, replay } from '../devices/replay.ts'
import { cabinet } from '../world/cabinet.ts'
import { virtualClock } from '../world/clock.ts'
import { entropy, random } from '../world/random.ts'
import { openWire, QUIET } from '../world/wire.ts'
import { show } from './plugged.ts'

const NAMES = ['1', '2', '3']

/** A unit in the field: what its driver reports, and what its line remembers. */
function unit(plug: Plug) {
  const clock = virtualClock({ wall: 0 })
  const dice = random(1)
  const wire = openWire({
    clock,
    random: dice,
    baud: 19_200,
    plugs: [plug],
    faults: { ...QUIET },
    struck: () => {},
  })
  const ring = openRing()
  const line = openSharedLine({
    open: wire.open,
    clock,
    entropy: entropy(dice),
    baud: 19_200,
    echo: 'auto',
    tap: tapInto(ring, clock, false),
  })
  const reports: string[] = []
  const report = (said: Report): void => void reports.push(show(said))
  kerongCu16.open({ bus: line.join('it'), clock, report }, kerongCu16.options.parse({ channels: 3 }))
  return { clock, wire, ring, reports }
}

test('a problem from the field, captured and read back, is the same problem on the table', async () => {
  const clock = virtualClock({ wall: 0 })
  const steel = cabinet({ clock, names: NAMES })
  const field = unit(cu16Board({ address: 0 }, steel.latches(NAMES)))
  await field.clock.pass(1_000)
  steel.door('2').openByHand()
  await field.clock.pass(1_000)
  field.wire.kill(0)
  await field.clock.pass(5_000)
  expect(field.reports).toEqual([
    'online',
    '1 closed (first)',
    '2 closed (first)',
    '3 closed (first)',
    '2 open',
    'offline: stale',
  ])
  const text = writeCapture(field.ring.all(), {
    line: 'l',
    about: '',
    why: '',
    when: '',
    now: field.clock.now(),
  })

  const read = readCapture(text)
  expect(read.ok).toBe(true)
  const passed = read.ok ? read.all.filter((each): each is Passed => 'bytes' in each) : []
  const table = unit(replay(passed))
  await table.clock.pass(10_000)
  expect(table.reports).toEqual(field.reports)
})
