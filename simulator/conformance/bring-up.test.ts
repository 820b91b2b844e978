import { describe, expect, test } from 'vitest'
import { NotProved, type Technician } from '../../agent/bring-up/bench.ts'
import { bringUp } from '../../agent/bring-up/prove.ts'
import { SiteConfig } from '../../config/site.ts'
import { findDriver } from '../../drivers/catalog.ts'
import type { Report } from '../../drivers/device.ts'
import type { Clock } from '../../drivers/host/clock.ts'
import { openSharedLine } from '../../drivers/shared-line.ts'
import { cu16Board } from '../devices/cu16-board.ts'
import { lineScanner } from '../devices/line-scanner.ts'
import type { Plug } from '../devices/peripheral.ts'
import { lane, vmc, vmcWorld } from '../devices/vmc.ts'
import { labelPrinter, zplPrinter } from '../devices/zpl-printer.ts'
import { type Cabinet, cabinet } from '../world/cabinet.ts'
import { virtualClock } from '../world/clock.ts'
import { entropy, random } from '../world/random.ts'
import { openWire, QUIET } from '../world/wire.ts'

const NAMES = ['A1', 'A2', 'A3']

interface Scene {
  driver?: string
  options?: object
  plugs?: (steel: Cabinet) => Plug[]
  /** What the technician does when something is said to them. */
  acts?: (said: string, clock: Clock) => void
  answers?: (question: string) => boolean
  prepare?: (steel: Cabinet) => void
}

/** A technician before a cabinet, who shuts what is to be shut and says yes. */
async function bring({
  driver = 'kerong-cu16',
  options = {},
  plugs = steel => [cu16Board({ address: 0 }, steel.latches(NAMES))],
  acts = () => {},
  answers = () => true,
  prepare = () => {},
}: Scene) {
  const clock = virtualClock({ wall: 0 })
  const steel = cabinet({ clock, names: NAMES })
  prepare(steel)
  const dice = random(1)
  const wire = openWire({
    clock,
    random: dice,
    baud: 19_200,
    plugs: plugs(steel),
    faults: { ...QUIET },
    struck: () => {},
  })
  const found = findDriver(driver)
  const locks = found?.kind === 'locks'
  const site = SiteConfig.parse({
    unit: 'u',
    lines: [{ name: 'bus', serial: { path: '/dev/x', baud: 19_200 } }],
    devices: [{ name: 'it', line: 'bus', driver, options }],
    compartments: locks
      ? NAMES.map((name, index) => ({ name, size: 'S', height_mm: 1, device: 'it', channel: index + 1 }))
      : [],
  })
  const line = openSharedLine({ open: wire.open, clock, entropy: entropy(dice), baud: 19_200, echo: 'auto' })
  const hearers = new Set<(report: Report) => void>()
  const said: string[] = []
  const technician: Technician = {
    say(text) {
      said.push(text)
      const shut = /^Close (\w+)/.exec(text)?.[1]
      if (shut) clock.after(700, () => steel.door(shut).push())
      acts(text, clock)
    },
    async asks(question) {
      said.push(question)
      return answers(question)
    },
  }
  const device = found?.open(
    {
      bus: line.join('it', found.manners),
      clock,
      report: report => {
        for (const heard of [...hearers]) heard(report)
      },
    },
    options,
  )
  let end: { proved: string[]; latches: number[] } | { says: string } | undefined
  void bringUp({
    site,
    device: 'it',
    clock,
    technician,
    send: command => device?.send(command) ?? Promise.reject(new Error('no device')),
    follow(heard) {
      hearers.add(heard)
      return () => void hearers.delete(heard)
    },
    stats: line.stats,
  }).then(
    ({ proved, locks: each }) => {
      end = { proved, latches: each.map(({ latch_ms }) => latch_ms) }
    },
    (error: unknown) => {
      if (!(error instanceof NotProved)) throw error
      end = { says: error.message }
    },
  )
  await clock.passUntil(() => end !== undefined, 3_600_000)
  return { end, said, steel, pulses: () => steel.doors.map(({ releases }) => releases.length) }
}

describe('a lock board is brought up', () => {
  test('each door is opened once, alone, and its latch time learned', async () => {
    const { end, pulses } = await bring({})
    expect(end).toEqual({
      proved: [
        expect.stringContaining('it answers'),
        '3 doors read closed, open and closed again, each alone',
      ],
      latches: [expect.any(Number), expect.any(Number), expect.any(Number)],
    })
    expect(pulses()).toEqual([1, 1, 1])
  })

  test.each<[string, Scene, RegExp]>([
    [
      'that does not answer',
      { plugs: () => [] },
      /does not answer \(no-reply\)\. It was asked 02 00 30 03 35/,
    ],
    [
      'beside one of its address',
      {
        plugs: steel => [
          cu16Board({ address: 0 }, steel.latches(NAMES)),
          cu16Board({ address: 0, thinkMillis: 3 }, steel.latches([])),
        ],
      },
      /second device with the same address|does not answer/,
    ],
    [
      'whose contacts are all of the other kind',
      { options: { closed_bit: 0 } },
      /Every door reads open.*closed_bit: 0/,
    ],
    [
      'with one contact of the other kind',
      { prepare: steel => steel.door('A2').alter({ inverted: true }) },
      /^A2 reads open.*sensor: inverted/,
    ],
    ['while a door is open', { prepare: steel => steel.door('A3').openByHand() }, /^A3 reads open/],
    [
      'with a latch that is stuck',
      { prepare: steel => steel.door('A2').alter({ jammed: true }) },
      /^A2 was told to open/,
    ],
    [
      'whose sensor is stuck',
      { prepare: steel => steel.door('A2').alter({ switchStuck: 'locked' }) },
      /^A2 was told to open, and its sensor saw nothing/,
    ],
    [
      'whose wires are crossed',
      { answers: question => !/stands open now/.test(question) },
      /Another door than A1 opened/,
    ],
    ['when nobody agrees', { answers: () => false }, /Close them all/],
  ])('not one %s', async (_what, scene, says) => {
    const { end } = await bring(scene)
    expect(end).toEqual({ says: expect.stringMatching(says) })
  })

  test('nothing moves before the technician said yes', async () => {
    const { pulses } = await bring({ answers: question => !/will be opened/.test(question) })
    expect(pulses()).toEqual([0, 0, 0])
  })

  test('another door that moves along is found', async () => {
    const { end } = await bring({
      acts: () => {},
      prepare: steel =>
        void steel.watch(door => {
          if (door.name === 'A1' && door.open) steel.door('A3').openByHand()
        }),
    })
    expect(end).toEqual({ says: expect.stringMatching(/With A1 also channel 3 moved/) })
  })
})

test('a scanner is brought up by a code, of which nothing is kept', async () => {
  const scanner = lineScanner({ aim: true })
  const { end, said } = await bring({
    driver: 'line-scanner',
    plugs: () => [scanner.plug],
    acts(text, clock) {
      if (/Show a code/.test(text)) clock.after(500, () => scanner.scan('SECRET42'))
    },
  })
  expect(end).toMatchObject({
    proved: [expect.any(String), 'it reads a code of 8 bytes, with the AIM identifier ]Q1'],
  })
  expect(JSON.stringify([end, said])).not.toContain('SECRET')
})

test('a printer is brought up by a page', async () => {
  const world = labelPrinter()
  const { end } = await bring({ driver: 'zpl-printer', plugs: () => [zplPrinter({}, world)] })
  expect(end).toMatchObject({ proved: [expect.any(String), 'it printed a page, and said so'] })
  expect(world.labels).toHaveLength(1)
})

test('a dispenser is brought up by one turn', async () => {
  const own = lane()
  const { end } = await bring({
    driver: 'fa-fb-vmc',
    plugs: () => [vmc({}, vmcWorld([1, own]))],
  })
  expect(end).toMatchObject({ proved: [expect.any(String), 'one pack fell, and its drop sensor saw it'] })
  expect(own.turned).toBe(1)
})
