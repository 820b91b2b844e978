import { describe, expect, test } from 'vitest'
import type { Report } from '../../drivers/device.ts'
import { random } from '../world/random.ts'
import { connect, DOORS, lockTwins, NAMES } from './lock-bench.ts'

const everything = (open: number[] = []) => [
  'online',
  ...NAMES.map(name => `${name} ${open.includes(Number(name)) ? 'open' : 'closed'} (first)`),
]

describe.each(await lockTwins())('$driver, $name', each => {
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
