import { describe, expect, test } from 'vitest'
import { faFbVmc } from '../../drivers/fa-fb-vmc/driver.ts'
import { lane, type VmcSettings, type VmcWorld, vmc, vmcWorld } from '../devices/vmc.ts'
import { random } from '../world/random.ts'
import { plugged } from './plugged.ts'

const LANE = 13

function machine(
  works: Parameters<typeof lane>[0] = 'drops',
  options: object = {},
  settings: VmcSettings = {},
  change: (world: VmcWorld) => void = () => {},
) {
  const own = lane(works)
  const other = lane()
  const world = vmcWorld([LANE, own], [14, other])
  change(world)
  const bench = plugged({
    driver: faFbVmc,
    options: { lanes: 60, ...options },
    plugs: [vmc(settings, world)],
    baud: 57_600,
  })
  const vend = (channel = LANE, span = 2_000) =>
    bench.device.send({ type: 'vend', channel, by: bench.by(span) })
  return { ...bench, world, own, other, vend }
}

describe('fa-fb-vmc', () => {
  test('it is online with the first word, and every poll is answered at once', async () => {
    const { pass, world } = machine()
    expect(await pass(60_000)).toEqual(['online'])
    expect(world.unanswered).toBe(0)
    expect(world.gaveUp).toBe(0)
    expect(Math.max(...world.lastAnswerMillis)).toBeLessThan(20)
  })

  test('a drive turns its lane once; that something fell is the word of the drop sensor', async () => {
    const { online, vend, pass, own, other } = machine()
    await online()
    const outcome = vend()
    expect(await pass(10_000)).toEqual(['13 moving by controller', '13 dropped by drop-sensor.'])
    expect(await outcome).toEqual({ ok: true })
    expect([own.turned, own.dropped.length, other.turned]).toEqual([1, 1, 0])
  })

  test('without a drop sensor only a motor turned, and that is what is said', async () => {
    const { online, vend, pass } = machine('no-drop', { drop_sensor: false })
    await online()
    void vend()
    expect(await pass(10_000)).toEqual(['13 moving by controller', '13 turned by motor.'])
  })

  test.each([
    ['jams', '13 jammed by drop-sensor (jammed).'],
    ['no-drop', '13 jammed by drop-sensor (jammed).'],
    ['does-not-stop', '13 in-doubt by motor (motor-runs-on).'],
    ['no-motor', '13 not-moved by controller (no-motor).'],
  ] as const)('a lane that %s ends as what it is', async (works, told) => {
    const { online, vend, pass } = machine(works)
    await online()
    void vend()
    expect((await pass(20_000)).at(-1)).toBe(told)
  })

  test('with an elevator each way is told, and one that fails is a doubt', async () => {
    const good = machine('drops', { elevator: true })
    await good.online()
    void good.vend()
    expect(await good.pass(30_000)).toContain('13 lifting by elevator')
    const bad = machine('drops', { elevator: true }, {}, world => {
      world.elevator = 'error'
    })
    await bad.online()
    void bad.vend()
    expect((await bad.pass(30_000)).at(-1)).toBe('13 in-doubt by elevator (elevator-fault).')
  })

  test('while a turn is open, not a byte of a second one leaves', async () => {
    const { online, vend, pass, other } = machine()
    await online()
    void vend()
    await pass(1_000)
    expect(await vend(14)).toEqual({ ok: false, fault: 'busy', sent: false })
    await pass(10_000)
    void vend(14)
    await pass(10_000)
    expect(other.turned).toBe(1)
  })

  test('a lane that is not there is refused', async () => {
    const { online, vend } = machine()
    await online()
    expect(await vend(61)).toEqual({ ok: false, fault: 'unknown-channel', sent: false })
  })

  test('a controller that repeats, because an ACK was lost, is answered and not heard twice', async () => {
    const { online, vend, pass, wire, faults, own } = machine()
    await online()
    // A third of all that passes is lost, both ways.
    Object.assign(faults, { lost: 330 })
    void vend(LANE, 20_000)
    const told = await pass(60_000)
    expect(own.turned).toBeLessThanOrEqual(1)
    expect(told.filter(each => each.endsWith('.'))).toHaveLength(1)
    expect(wire.ruined).toEqual([])
  })

  test.each(['unheard', 'ack-lost'] as const)(
    'a drive that was %s is sent again with its number, and turns the lane once',
    async how => {
      let times = 0
      const { online, vend, pass, own } = machine(
        'drops',
        {},
        {
          refuse: command => (command === 0x06 && times++ === 0 ? how : undefined),
        },
      )
      await online()
      void vend(LANE, 5_000)
      expect((await pass(20_000)).at(-1)).toBe('13 dropped by drop-sensor.')
      expect([own.turned, own.dropped.length]).toEqual([1, 1])
    },
  )

  test('after its deadline a drive is dropped, and nothing turned', async () => {
    const { online, device, pass, own, clock } = machine()
    await online()
    expect(await device.send({ type: 'vend', channel: LANE, by: clock.now() - 1 })).toMatchObject({
      fault: 'too-late',
      sent: false,
    })
    await pass(10_000)
    expect(own.turned).toBe(0)
  })

  test('checked first, an empty lane is refused before anything turns', async () => {
    const { online, vend, own, clock } = machine('drops', { check_first: true }, {}, world => {
      for (const each of world.lanes.values()) each.stock = 0
    })
    await online()
    const outcome = vend()
    await clock.pass(3_000)
    expect(await outcome).toEqual({ ok: false, fault: 'sold-out', sent: false })
    expect(own.turned).toBe(0)
  })

  test('a controller that loses its power in a turn leaves a doubt, said once', async () => {
    const { online, vend, pass, wire } = machine()
    await online()
    void vend()
    await pass(1_000)
    wire.kill(0)
    const told = await pass(90_000)
    expect(told).toEqual(['offline: no-reply', '13 in-doubt by silence (in-doubt).'])
    wire.revive(0)
    expect(await pass(5_000)).toEqual(['online'])
  })

  test('unplugged it is offline at once, refuses, and comes back', async () => {
    const { online, vend, pass, wire, own } = machine()
    await online()
    wire.cut()
    expect(await pass(10)).toEqual(['offline: line-down'])
    expect(await vend()).toMatchObject({ ok: false, sent: false })
    wire.mend()
    expect(await pass(15_000)).toEqual(['online'])
    expect(own.turned).toBe(0)
  })

  test('on a bad cable a hundred drives turn their lane at most once each, and every one ends', async () => {
    const { online, pass, faults, own, vend } = machine('drops', { drive_within_ms: 20_000 })
    await online()
    Object.assign(faults, { lost: 20, flipped: 20, noise: 20, split: 50, late: 10 })
    const dice = random(3)
    own.stock = 1_000
    let doubts = 0
    for (let turn = 1; turn <= 100; turn++) {
      const before = own.turned
      const outcome = vend(LANE, 4_000)
      const told = await pass(30_000 + dice.between(0, 300))
      const said = await outcome
      expect(own.turned - before).toBeLessThanOrEqual(1)
      const ends = told.filter(each => each.endsWith('.'))
      expect(ends.length, `turn ${turn}: ${told} ${JSON.stringify(said)}`).toBe(said.ok || said.sent ? 1 : 0)
      if (ends[0]?.includes('in-doubt')) doubts++
      if (ends[0]?.includes('dropped')) expect(own.turned - before).toBe(1)
    }
    expect(doubts).toBeLessThan(5)
  })
})
