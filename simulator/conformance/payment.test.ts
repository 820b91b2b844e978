import { describe, expect, test } from 'vitest'
import { qibixxMdb } from '../../drivers/qibixx-mdb/driver.ts'
import { cardReader, type QibixxMdbSettings, qibixxMdb as qibixxAdapter } from '../devices/qibixx-mdb.ts'
import { plugged } from './plugged.ts'

function terminal(settings: QibixxMdbSettings = {}, options: object = {}) {
  const reader = cardReader(5_000)
  const bench = plugged({
    driver: qibixxMdb,
    options,
    plugs: [qibixxAdapter(settings, reader)],
    baud: 115_200,
  })
  const { device, by } = bench
  return {
    ...bench,
    reader,
    charge: (amount: number) => device.send({ type: 'charge', amount, product: 10, by: by() }),
    settle: (kept: boolean) => device.send({ type: 'settle', kept, by: by() }),
  }
}

describe.each([
  ['on from power-up', {}],
  ['off at power-up', { startsAs: 0 }],
  ['in pieces, with bare line feeds', { pieces: 3, lineEnd: '\n' }],
] satisfies [string, QibixxMdbSettings][])('qibixx-mdb, %s', (_name, settings) => {
  async function ready() {
    const bench = terminal(settings)
    await bench.online()
    await bench.pass(10_000)
    return bench
  }

  test('an approved charge that is kept is charged once', async () => {
    const { charge, settle, pass, reader } = await ready()
    const asked = charge(150)
    expect(await pass(3_000)).toEqual(['asked 150', 'approved 150'])
    expect(await asked).toEqual({ ok: true })
    const kept = settle(true)
    expect(await pass(3_000)).toContain('settled')
    expect(await kept).toEqual({ ok: true })
    expect([reader.charged.length, reader.refunded, reader.open]).toEqual([1, [], []])
  })

  test('an approved charge that is not kept goes back', async () => {
    const { charge, settle, pass, reader } = await ready()
    void charge(150)
    await pass(3_000)
    void settle(false)
    expect(await pass(3_000)).toContain('returned')
    expect([reader.charged, reader.refunded.length]).toEqual([[], 1])
  })

  test('a card that is refused is told, and the next one may try', async () => {
    const { charge, pass, reader } = await ready()
    reader.approves = false
    void charge(150)
    expect(await pass(5_000)).toContain('denied')
    reader.approves = true
    void charge(150)
    expect(await pass(5_000)).toContain('approved 150')
  })

  test('while a charge is open no second one is asked for, and nothing open is settled', async () => {
    const { charge, settle, pass, reader } = await ready()
    void charge(150)
    expect(await charge(200)).toEqual({ ok: false, fault: 'busy', sent: false })
    await pass(3_000)
    expect(await charge(200)).toEqual({ ok: false, fault: 'busy', sent: false })
    void settle(true)
    await pass(1_000)
    expect(await settle(true)).toEqual({ ok: false, fault: 'refused', sent: false })
    expect(reader.charged).toHaveLength(1)
  })

  test('power lost with a charge approved is a doubt, said once, and no new charge begins', async () => {
    const { charge, pass, wire, reader } = await ready()
    void charge(150)
    await pass(3_000)
    wire.kill(0)
    await pass(500)
    wire.revive(0)
    const told = await pass(20_000)
    expect(told.filter(each => each === 'in-doubt')).toHaveLength(1)
    expect(await charge(150)).toEqual({ ok: false, fault: 'in-doubt', sent: false })
    expect(reader.charged).toEqual([])
  })
})

test('an amount that is none is refused', async () => {
  const { online, charge, pass } = terminal()
  await online()
  await pass(10_000)
  for (const amount of [0, -1, 1.5, Number.NaN])
    expect(await charge(amount)).toMatchObject({ ok: false, sent: false })
})
