import { describe, expect, test } from 'vitest'
import type { Driver, Report } from '../../drivers/device.ts'
import { kerongCu12 } from '../../drivers/kerong-cu12/driver.ts'
import { kerongCu16 } from '../../drivers/kerong-cu16/driver.ts'
import { kerongCu48 } from '../../drivers/kerong-cu48/driver.ts'
import { lock8a } from '../../drivers/lock-8a/driver.ts'
import { modbusRelay } from '../../drivers/modbus-relay/driver.ts'
import { openSharedLine } from '../../drivers/shared-line.ts'
import { cu12Board } from '../devices/cu12-board.ts'
import { cu16Board } from '../devices/cu16-board.ts'
import { cu48Board } from '../devices/cu48-board.ts'
import { lock8aBoard } from '../devices/lock-8a-board.ts'
import { modbusRelayBoard } from '../devices/modbus-relay-board.ts'
import type { Latches, Plug } from '../devices/peripheral.ts'
import { cabinet } from '../world/cabinet.ts'
import { virtualClock } from '../world/clock.ts'
import { entropy, random } from '../world/random.ts'
import { openWire, QUIET } from '../world/wire.ts'

const DOORS = 8
/** The latest a reading arrives that was taken before a door moved. */
const MAY_BE_LATE = 2_000
const NAMES = Array.from({ length: DOORS }, (_, index) => String(index + 1))

interface Twin {
  name: string
  baud: number
  manners: Driver<unknown>['manners']
  board(latches: Latches): Plug
  open(host: Parameters<Driver<unknown>['open']>[0]): ReturnType<Driver<unknown>['open']>
}

/** A driver with its options as a site file gives them, beside the board they describe. */
const twin = <Options>(
  name: string,
  baud: number,
  driver: Driver<Options>,
  options: object,
  board: (latches: Latches) => Plug,
): Twin => ({
  name,
  baud,
  board,
  manners: driver.manners,
  open: host => driver.open(host, driver.options.parse(options)),
})

const lock8aTwin = (name: string, options: object, settings: Partial<Parameters<typeof lock8aBoard>[0]>) =>
  twin(`lock-8a, ${name}`, 9_600, lock8a, { address: 1, channels: DOORS, ...options }, latches =>
    lock8aBoard({ address: 1, channels: DOORS, ...settings }, latches),
  )

const cu16Twin = (name: string, options: object, settings: Partial<Parameters<typeof cu16Board>[0]>) =>
  twin(`kerong-cu16, ${name}`, 19_200, kerongCu16, { address: 2, channels: DOORS, ...options }, latches =>
    cu16Board({ address: 2, ...settings }, latches),
  )

const cu12Twin = (name: string, options: object, settings: Partial<Parameters<typeof cu12Board>[0]>) =>
  twin(`kerong-cu12, ${name}`, 19_200, kerongCu12, { address: 3, channels: DOORS, ...options }, latches =>
    cu12Board({ address: 3, ...settings }, latches),
  )

const cu48Twin = (name: string, options: object, settings: Partial<Parameters<typeof cu48Board>[0]>) =>
  twin(`kerong-cu48, ${name}`, 19_200, kerongCu48, { address: 1, channels: DOORS, ...options }, latches =>
    cu48Board({ address: 1, ...settings }, latches),
  )

const relayTwin = (
  name: string,
  options: object,
  settings: Partial<Parameters<typeof modbusRelayBoard>[0]>,
) =>
  twin(
    `modbus-relay, ${name}`,
    9_600,
    modbusRelay,
    { address: 5, ...options },
    latches => modbusRelayBoard({ address: 5, ...settings }, latches).plug,
  )

const TWINS = [
  lock8aTwin('plain', {}, {}),
  lock8aTwin('echoing', {}, { echoes: true }),
  lock8aTwin('three status bytes', { status_bytes: 3 }, { statusBytes: 3 }),
  lock8aTwin('opposite contact', { closed_state: '00' }, { lockedReads: 0x00 }),
  lock8aTwin('lock by lock', { query: 'one' }, {}),
  lock8aTwin('2025', { open_function: '33' }, { manual: '2025' }),
  lock8aTwin('pushing', {}, { pushes: 0x82 }),
  cu16Twin('plain', {}, {}),
  cu16Twin('echoing', {}, { echoes: true }),
  cu12Twin('plain', {}, {}),
  cu12Twin('echoing', {}, { echoes: true }),
  cu12Twin('other hooks', { closed_bit: 0 }, { inverted: true }),
  cu48Twin('plain', {}, {}),
  cu48Twin('talkative', {}, { talkative: true }),
  relayTwin('plain', {}, {}),
  relayTwin('echoing', {}, { echoes: true }),
  relayTwin('from the factory in linkage', {}, { linkage: true }),
  relayTwin(
    'momentary clone',
    { pulse: 'momentary', control_mode: false },
    { momentary: 500, lacks: ['flash', 'modes'] },
  ),
  relayTwin('other contacts', { closed_input: 0 }, { inverted: true }),
]

/** One driver and one board on a simulated cable, everything the driver reported in order. */
function connect({ baud, board, open, manners }: Twin, seed = 1) {
  const clock = virtualClock({ wall: 0 })
  const steel = cabinet({ clock, names: NAMES })
  const faults = { ...QUIET }
  const dice = random(seed)
  const struck = new Map<string, number>()
  const wire = openWire({
    clock,
    random: dice.fork('wire'),
    baud,
    plugs: [board(steel.latches(NAMES))],
    faults,
    struck: fault => void struck.set(fault, (struck.get(fault) ?? 0) + 1),
  })
  const line = openSharedLine({ open: wire.open, clock, entropy: entropy(dice), baud, echo: 'auto' })
  const reports: Report[] = []
  const lies: string[] = []
  const device = open({
    bus: line.join('board', manners),
    clock,
    report(report) {
      reports.push(report)
      if (report.type === 'door' && !couldBeSeen(report)) lies.push(tell(report))
    },
  })

  /** Whether the door is as told, or was within the time that a reading may take to arrive. */
  function couldBeSeen({ channel, open: isOpen }: { channel: number; open: boolean }): boolean {
    const { open: truly, openings, closings } = steel.door(String(channel))
    const moved = Math.max(openings.at(-1)?.at ?? -Infinity, closings.at(-1)?.at ?? -Infinity)
    return isOpen === truly || clock.now() - moved < MAY_BE_LATE
  }

  return {
    clock,
    wire,
    faults,
    struck,
    device,
    reports,
    lies,
    door: (number: number) => steel.door(String(number)),
    unlock: (channel: number) => device.send({ type: 'unlock', channel, by: clock.now() + 1_500 }),
    /** Lives on for `span` and tells what was reported in it. */
    async pass(span: number): Promise<string[]> {
      await clock.pass(span)
      return reports.splice(0).map(tell)
    },
    async online(): Promise<void> {
      await clock.passUntil(() => reports.length > DOORS, 5_000)
      reports.length = 0
    },
  }
}

function tell(report: Report): string {
  switch (report.type) {
    case 'door':
      return `${report.channel} ${report.open ? 'open' : 'closed'}${report.was === undefined ? ' (first)' : ''}`
    case 'offline':
      return `offline: ${report.why}`
    default:
      return report.type
  }
}

const everything = (open: number[] = []) => [
  'online',
  ...NAMES.map(name => `${name} ${open.includes(Number(name)) ? 'open' : 'closed'} (first)`),
]

describe.each(TWINS)('$name', each => {
  test('every door is told at first, and then nothing while nothing changes', async () => {
    const { pass, door } = connect(each)
    door(3).openByHand()
    expect(await pass(2_000)).toEqual(everything([3]))
    expect(await pass(60_000)).toEqual([])
  })

  test('with all doors open, too, every door is told', async () => {
    const { pass, door } = connect(each)
    for (const name of NAMES) door(Number(name)).openByHand()
    const told = await pass(5_000)
    // A board that pushed all this while nobody listened may need a second try to be understood.
    expect(told.slice(told.indexOf('online'))).toEqual(everything(NAMES.map(Number)))
    expect(await pass(60_000)).toEqual([])
  })

  test('a change is told once', async () => {
    const { pass, online, door } = connect(each)
    await online()
    door(5).openByHand()
    expect(await pass(2_000)).toEqual(['5 open'])
    door(5).push()
    expect(await pass(2_000)).toEqual(['5 closed'])
  })

  test('an unlock opens its door and no other, with one pulse, and the opening is told', async () => {
    const { pass, online, unlock, door } = connect(each)
    await online()
    const outcome = unlock(2)
    expect(await pass(1_500)).toEqual(['2 open'])
    expect(await outcome).toEqual({ ok: true })
    expect(NAMES.map(name => door(Number(name)).releases.length)).toEqual([0, 1, 0, 0, 0, 0, 0, 0])
  })

  test('a jammed door is never told open, whatever the board says', async () => {
    const { pass, online, unlock, door } = connect(each)
    await online()
    door(2).alter({ jammed: true })
    void unlock(2)
    expect(await pass(10_000)).toEqual([])
    expect(door(2).releases).toHaveLength(1)
  })

  test('a latch that lets go late is told when it does', async () => {
    const { pass, online, unlock, door } = connect(each)
    await online()
    door(4).alter({ letsGoAfter: 2_000 })
    void unlock(4)
    expect(await pass(1_900)).toEqual([])
    expect(await pass(1_000)).toEqual(['4 open'])
  })

  test('another door that opens during an unlock is told', async () => {
    const { pass, online, unlock, door } = connect(each)
    await online()
    void unlock(2)
    door(7).force()
    const told = await pass(2_000)
    expect(told.sort()).toEqual(['2 open', '7 open'])
  })

  test('a board that dies is told in time, and everything anew when it is back', async () => {
    const { pass, online, wire, door, unlock } = connect(each)
    await online()
    wire.kill(0)
    expect(await pass(4_000)).toEqual([expect.stringMatching(/^offline/)])
    door(6).force()
    expect(await unlock(1)).toMatchObject({ ok: false, sent: false })
    expect(await pass(20_000)).toEqual([])
    wire.revive(0)
    expect(await pass(20_000)).toEqual(everything([6]))
    expect(door(1).releases).toEqual([])
  })

  test('a port that is pulled out is told at once, and everything anew when it is back', async () => {
    const { pass, online, wire, door } = connect(each)
    await online()
    wire.cut()
    expect(await pass(100)).toEqual(['offline: line-down'])
    door(6).force()
    wire.mend()
    expect(await pass(15_000)).toEqual(everything([6]))
  })

  test('in an hour of noise every change is told and no door ever wrong', async () => {
    const { pass, online, faults, struck, clock, door, reports, lies } = connect(each, 7)
    await online()
    Object.assign(faults, { flipped: 20, noise: 20, lost: 10, split: 50, late: 5 })
    const dice = random(11)
    for (let turn = 0; turn < 240; turn++) {
      const { name, open, openByHand, push } = door(dice.between(1, DOORS))
      if (open) push()
      else openByHand()
      const told = await clock.passUntil(
        () => reports.some(report => says(report, Number(name), !open)),
        15_000,
      )
      expect(told, `door ${name}, turn ${turn}`).toBe(true)
      await pass(dice.between(3_000, 15_000))
    }
    expect(lies).toEqual([])
    for (const name of NAMES) expect(door(Number(name)).releases).toEqual([])
    for (const fault of ['flipped', 'noise', 'lost', 'split', 'late'])
      expect(struck.get(fault), fault).toBeGreaterThan(50)
  })
})

const says = (report: Report, channel: number, open: boolean): boolean =>
  report.type === 'door' && report.channel === channel && report.open === open
