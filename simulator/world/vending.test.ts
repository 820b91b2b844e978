import { describe, expect, test } from 'vitest'
import { vmc } from '../devices/vmc.ts'
import { fromHex, toHex } from '../workbench.ts'
import { cabinet } from './cabinet.ts'
import { type VirtualClock, virtualClock } from './clock.ts'
import { random } from './random.ts'
import { type Pack, type Vending, vending, type Works } from './vending.ts'

const POLL = 'FA FB 41 00 40'
const ACK = 'FA FB 42 00 43'
const TURN = 1_000
const HANGS = 10_000
const LANES = [
  { name: 'A1', channel: 13 },
  { name: 'A2', channel: 14 },
]

const pack = (id: string): Pack => ({ id, label: `010031234567890610L7\u001d1740123121${id}` })

/** A kiosk with these packs in lane A1, and somebody who sits at the controller's line. */
function kiosk(...inLane: string[]) {
  const clock = virtualClock({ wall: 0 })
  const door = cabinet({ clock, names: ['DELIVERY'] }).door('DELIVERY')
  const seen: { at: number; label: string }[] = []
  const seesCode = (label: string) => void seen.push({ at: clock.now(), label })
  const machine = vending({ clock, door, lanes: LANES, seesCode, hangsFor: HANGS })
  for (const id of inLane) machine.feed('A1', pack(id))
  return {
    clock,
    door,
    seen,
    machine,
    drive: driver(clock, machine),
    inTray: () => machine.tray.map(({ id }) => id),
    inLane: (lane = 'A1') => machine.lane(lane).packs.map(({ id }) => id),
  }
}

/** Drives a selection with the drop sensor on, and tells the states that the controller went through. */
function driver(clock: VirtualClock, machine: Vending) {
  const answers: string[] = []
  const told: string[] = []
  let packNo = 0
  const { receive } = vmc(
    { turnMillis: TURN, liftMillis: TURN },
    machine.world,
  )({
    now: clock.now,
    after: clock.after,
    ruined: () => {},
    send(bytes) {
      const frame = toHex(bytes)
      if (frame === ACK) return
      if (frame.slice(6, 8) === '04') told.push(frame.slice(15, 17))
      clock.after(10, () => receive(fromHex(frame === POLL ? (answers.shift() ?? ACK) : ACK)))
    },
  })

  return async (selection = 13, elevator = 0): Promise<string[]> => {
    packNo++
    const body = [0xfa, 0xfb, 0x06, 5, packNo, 1, elevator, 0, selection]
    answers.push(
      toHex(
        Uint8Array.of(
          ...body,
          body.reduce((all, byte) => all ^ byte),
        ),
      ),
    )
    await clock.pass(6_000)
    return told.splice(0)
  }
}

describe('a motor', () => {
  test.each([
    ['drops', ['01', '02'], ['p1'], ['p2', 'p3']],
    ['double-drop', ['01', '02'], ['p1', 'p2'], ['p3']],
    ['does-not-stop', ['01', '04'], ['p1', 'p2'], ['p3']],
    ['no-drop', ['01', '03'], [], ['p1', 'p2', 'p3']],
    ['jams', ['01', '03'], [], ['p1', 'p2', 'p3']],
    ['no-motor', ['06'], [], ['p1', 'p2', 'p3']],
    ['hangs', ['01', '03'], [], ['p2', 'p3']],
    ['hangs-below', ['01', '02'], [], ['p2', 'p3']],
  ] satisfies [Works, string[], string[], string[]][])(
    'of a lane that %s: what the controller says, what fell, what is left',
    async (works, says, fell, left) => {
      const { machine, drive, inTray, inLane } = kiosk('p1', 'p2', 'p3')
      machine.lane('A1').works = works
      expect(await drive()).toEqual(says)
      expect(inTray()).toEqual(fell)
      expect(inLane()).toEqual(left)
      expect(machine.ledger.falls.map(({ lane, id }) => [lane, id])).toEqual(fell.map(id => ['A1', id]))
      expect(machine.ledger.turns).toHaveLength(works === 'no-motor' ? 0 : 1)
    },
  )

  test('turns in an empty lane, and nothing falls', async () => {
    const { machine, drive } = kiosk('p1')
    expect(await drive(14)).toEqual(['01', '03'])
    expect(machine.ledger).toMatchObject({ turns: [{ lane: 'A2' }], falls: [] })
  })

  test('starts at one moment, and the pack falls a turn later', async () => {
    const { machine, drive } = kiosk('p1')
    await drive()
    const [{ at } = { at: -1 }] = machine.ledger.turns
    expect(machine.ledger.falls).toEqual([{ at: at + TURN, lane: 'A1', id: 'p1' }])
  })
})

describe('a pack that hangs', () => {
  test.each(['hangs', 'hangs-below'] as const)('falls by itself, once: it %s', async works => {
    const { machine, drive, inTray, clock } = kiosk('p1')
    machine.lane('A1').works = works
    await drive()
    expect(machine.lies()).toEqual([{ id: 'p1', place: 'hanging', lane: 'A1' }])
    expect(machine.present()).toBe(false)
    await clock.pass(HANGS)
    expect(inTray()).toEqual(['p1'])
    await clock.pass(HANGS)
    expect(machine.ledger.falls).toHaveLength(1)
  })

  test('is dragged along by the next of its lane, and does not fall again', async () => {
    const { machine, drive, inTray, clock } = kiosk('p1', 'p2')
    machine.lane('A1').works = 'hangs'
    await drive()
    machine.lane('A1').works = 'drops'
    expect(await drive()).toEqual(['01', '02'])
    expect(inTray()).toEqual(['p1', 'p2'])
    await clock.pass(HANGS)
    expect(machine.ledger.falls).toHaveLength(2)
  })

  test('taken out by hand, it never falls', async () => {
    const { machine, drive, clock } = kiosk('p1')
    machine.lane('A1').works = 'hangs'
    await drive()
    expect(machine.takeOut('A1', 'p1')).toEqual(pack('p1'))
    await clock.pass(HANGS)
    expect(machine.lies()).toEqual([])
    expect(machine.ledger.falls).toEqual([])
  })
})

describe('a hand', () => {
  test('feeds behind the last and takes out any', async () => {
    const { machine, drive, inTray, inLane } = kiosk('p1', 'p2', 'p3')
    machine.takeOut('A1', 'p1')
    machine.feed('A1', pack('p1'))
    expect(inLane()).toEqual(['p2', 'p3', 'p1'])
    await drive()
    expect(inTray()).toEqual(['p2'])
  })

  test('does nothing that cannot be done', () => {
    const { machine } = kiosk('p1')
    expect(() => machine.feed('A2', pack('p1'))).toThrow('p1 lies in this kiosk already')
    expect(() => machine.feed('B7', pack('p2'))).toThrow('there is no lane B7')
    expect(() => machine.takeOut('A2', 'p1')).toThrow('p1 does not lie there')
    expect(machine.lies()).toEqual([{ id: 'p1', place: 'lane', lane: 'A1' }])
  })

  test('reaches into the tray only while the delivery door is open', async () => {
    const { machine, drive, door } = kiosk('p1')
    await drive()
    expect(() => machine.take()).toThrow('DELIVERY: it is closed')
    expect(() => machine.put({ id: 'cup', label: '' })).toThrow('DELIVERY: it is closed')
    door.energise()
    await drive(14)
    expect(machine.take()).toEqual([pack('p1')])
    door.push()
    expect(() => machine.take()).toThrow('DELIVERY: it is closed')
  })

  test('takes some, leaves the rest, and puts something in', async () => {
    const { machine, drive, door, inTray, clock } = kiosk('p1', 'p2')
    machine.lane('A1').works = 'double-drop'
    await drive()
    door.openByHand()
    expect(machine.take(['p2'])).toEqual([pack('p2')])
    machine.put({ id: 'cup', label: '' })
    expect(inTray()).toEqual(['p1', 'cup'])
    expect(() => machine.put(pack('p1'))).toThrow('p1 lies in this kiosk already')
    expect(() => machine.take(['p2'])).toThrow('p2 does not lie there')
    expect(machine.ledger.takings).toEqual([{ at: clock.now(), id: 'p2' }])
  })
})

test('the presence switch is on while anything lies in the tray, unless it is stuck', async () => {
  const { machine, drive, door } = kiosk('p1')
  expect(machine.present()).toBe(false)
  machine.switchStuck = 'on'
  expect(machine.present()).toBe(true)
  machine.switchStuck = undefined
  await drive()
  expect(machine.present()).toBe(true)
  machine.switchStuck = 'off'
  expect(machine.present()).toBe(false)
  machine.switchStuck = undefined
  door.openByHand()
  machine.take()
  expect(machine.present()).toBe(false)
})

describe('the scanner at the tray', () => {
  const labels = (seen: { label: string }[]) => seen.map(({ label }) => label.slice(-2))

  test('sees one pack after another every 300 ms, and again, until the tray is empty', async () => {
    const { machine, drive, door, seen, clock } = kiosk('p1', 'p2', 'p3')
    machine.lane('A1').works = 'double-drop'
    await drive()
    seen.length = 0
    await clock.pass(1_200)
    expect(labels(seen).sort()).toEqual(['p1', 'p1', 'p2', 'p2'])
    expect(seen[0]?.label).not.toBe(seen[1]?.label)
    expect(seen.slice(1).map(({ at }, index) => at - (seen[index]?.at ?? 0))).toEqual([300, 300, 300])
    door.openByHand()
    machine.take()
    seen.length = 0
    await clock.pass(10_050)
    expect(seen).toEqual([])
    const putAt = clock.now()
    machine.put(pack('p2'))
    await clock.pass(700)
    expect(seen.map(({ at }) => at - putAt)).toEqual([300, 600])
    expect(labels(seen)).toEqual(['p2', 'p2'])
  })

  test('does not see what cannot be read', async () => {
    const { machine, drive, door, seen, clock } = kiosk()
    machine.feed('A1', { ...pack('p1'), unreadable: true })
    machine.feed('A1', pack('p2'))
    await drive()
    door.openByHand()
    machine.put({ id: 'cup', label: '' })
    await clock.pass(3_000)
    expect(seen).toEqual([])
    await drive()
    expect(new Set(labels(seen))).toEqual(new Set(['p2']))
  })
})

describe('an elevator', () => {
  test('is the tray: occupied until somebody takes the pack', async () => {
    const { machine, drive, door } = kiosk('p1', 'p2')
    expect(await drive(13, 1)).toEqual(['01', '10', '11', '02'])
    expect(await drive(13, 1)).toEqual(['07'])
    door.openByHand()
    machine.take()
    expect(await drive(13, 1)).toEqual(['07'])
    door.push()
    expect(await drive(13, 1)).toEqual(['01', '10', '11', '02'])
  })
})

test('whatever happens, each pack is in one place, and whatever left the machine was taken', async () => {
  const dice = random(7)
  const { machine, drive, door } = kiosk()
  const works: Works[] = ['drops', 'jams', 'no-drop', 'double-drop', 'does-not-stop', 'hangs', 'hangs-below']
  const out: string[] = []
  let fed = 0
  for (let turn = 0; turn < 300; turn++) {
    const { name } = dice.pick(LANES)
    machine.lane(name).works = dice.pick(works)
    const what = dice.between(1, 4)
    if (what === 1) machine.feed(name, pack(`p${++fed}`))
    if (what === 2) await drive(dice.between(13, 14))
    if (what === 3) {
      const found = dice.pick([undefined, ...machine.lies()])
      if (found?.lane) out.push(machine.takeOut(found.lane, found.id).id)
    }
    if (what === 4 && dice.chance(1, 3)) {
      door.openByHand()
      machine.take()
      door.push()
    }
    const known = [...machine.lies(), ...machine.ledger.takings].map(({ id }) => id).concat(out)
    expect(known.sort()).toEqual(Array.from({ length: fed }, (_, index) => `p${index + 1}`).sort())
  }
  expect(machine.ledger.takings.length).toBeGreaterThan(5)
  expect(machine.ledger.falls.map(({ id }) => id)).toEqual(
    expect.arrayContaining(machine.ledger.takings.map(({ id }) => id)),
  )
})
