import { describe, expect, test } from 'vitest'
import { sealWith } from '../../agent/domain/codes.ts'
import { site as plain, story } from '../../agent/workflows/story.ts'
import { SiteConfig } from '../../config/site.ts'
import { newSigner } from '../cloud/mint.ts'

// Several things under one code; one thing for another; somebody else collects.

const seal = sealWith(new Uint8Array(32))
const operator = newSigner('operator', new Uint8Array(32).fill(1))
const bank = SiteConfig.parse({ ...plain, access: { token_keys: [{ id: operator.id, key: operator.key }] } })

async function doors(site = plain) {
  const s = story(site)
  await s.closedAll()
  const visit = async (code: string) => {
    const before = s.opened().length
    await s.scan(code)
    const name = s.opened()[before]
    if (name === undefined) return undefined
    await s.door(name, true)
    await s.door(name, false)
    return name
  }
  return { ...s, visit }
}

describe('three things under one code', () => {
  const three = async () => {
    const s = await doors()
    await s.book('K1', { items: 3 })
    return s
  }

  test('each goes into a compartment of its own, and comes out again, a showing each', async () => {
    const s = await three()
    expect([await s.visit('K1:1111'), await s.visit('K1:1111'), await s.visit('K1:1111')]).toEqual([
      'S1',
      'M1',
      'L1',
    ])
    expect(await s.visit('K1:1111')).toBeUndefined()
    expect(s.lines().at(-1)).toBe('claim-refused K1 deposit used')
    expect([await s.visit('K1:2222'), await s.visit('K1:2222'), await s.visit('K1:2222')]).toEqual([
      'S1',
      'M1',
      'L1',
    ])
    expect(s.lines().filter(line => line.startsWith('booking-ended'))).toEqual([
      'booking-ended K1 collected',
      'booking-ended K1.2 collected',
      'booking-ended K1.3 collected',
    ])
    expect([...s.known().bookings()]).toEqual([])
  })

  test('whoever brings fewer collects fewer; what never came lapses', async () => {
    const s = await three()
    await s.visit('K1:1111')
    await s.visit('K1:1111')
    await s.pass(3_700)
    expect(s.lines()).toContain('booking-ended K1.3 expired')
    expect([await s.visit('K1:2222'), await s.visit('K1:2222'), await s.visit('K1:2222')]).toEqual([
      'S1',
      'M1',
      undefined,
    ])
  })

  test('one door at a time: while one stands open the code opens no other', async () => {
    const s = await three()
    await s.scan('K1:1111')
    await s.door('S1', true)
    await s.scan('K1:1111')
    expect(s.opened()).toEqual(['S1'])
    expect(s.lines().at(-1)).toBe('claim-refused K1 deposit in-progress')
  })

  test('a door that will not open keeps nobody from the others', async () => {
    const s = await three()
    await s.visit('K1:1111')
    await s.visit('K1:1111')
    await s.scan('K1:2222')
    await s.pass(20)
    expect(s.known().held('S1')).toBe('will-not-open')
    expect(await s.visit('K1:2222')).toBe('M1')
  })

  test('wrong tries count for all of them together', async () => {
    const s = await three()
    await s.visit('K1:1111')
    for (let tries = 0; tries < 5; tries++) await s.scan('K1:0000')
    expect(await s.visit('K1:1111')).toBeUndefined()
  })

  test('cancelled while nothing is in: all of it; refused once something is', async () => {
    const s = await three()
    await s.ask({ kind: 'cancel', booking: 'K1' })
    expect([...s.known().bookings()]).toEqual([])
    await s.pass(7_200)
    expect(s.lines().filter(line => line.startsWith('booking-ended'))).toHaveLength(3)
    const other = await three()
    await other.visit('K1:1111')
    await other.ask({ kind: 'cancel', booking: 'K1' })
    expect(other.answers.at(-1)?.outcome).toBe('refused')
  })

  test('all of it is still there after a power cut', async () => {
    const s = await three()
    await s.visit('K1:1111')
    await s.cutPower(60)
    await s.closedAll()
    expect([await s.visit('K1:1111'), await s.visit('K1:2222'), await s.visit('K1:2222')]).toEqual([
      'M1',
      'S1',
      'M1',
    ])
  })

  test("a name with a dot is nobody's: no part is shown by itself", async () => {
    const s = await three()
    expect(await s.visit('K1.2:1111')).toBeUndefined()
  })
})

describe('an exchange: the loan car comes back before the own keys go out', () => {
  const exchange = async () => {
    const s = await doors()
    await s.book('OWN')
    await s.visit('OWN:1111')
    await s.visit('OWN:2222')
    await s.book('LOAN')
    await s.book('OWN2', { after: 'LOAN' })
    await s.visit('OWN2:1111')
    s.lines()
    return s
  }

  test('nothing is handed out before; once it was put in, it is', async () => {
    const s = await exchange()
    expect(await s.visit('OWN2:2222')).toBeUndefined()
    expect(s.lines()).toEqual(['claim-refused OWN2 collect exchange-first'])
    await s.visit('LOAN:1111')
    expect(s.lines()).toContain('exchanged OWN2 LOAN')
    expect(await s.visit('OWN2:2222')).toBeDefined()
  })

  test('a loan that never comes back hands nothing out', async () => {
    const s = await exchange()
    await s.pass(3_700)
    expect(s.lines()).toContain('booking-ended LOAN expired')
    expect(await s.visit('OWN2:2222')).toBeUndefined()
  })

  test('nothing waits for what is not booked, or is here already', async () => {
    const s = await doors()
    await s.book('B1', { after: 'NONE' })
    expect(s.answers.at(-1)).toEqual({
      outcome: 'refused',
      why: 'there is no booking NONE for it to come after',
    })
    await s.book('LOAN')
    await s.visit('LOAN:1111')
    await s.book('B2', { after: 'LOAN' })
    await s.visit('B2:1111')
    expect(await s.visit('B2:2222')).toBeDefined()
  })
})

describe('somebody else collects', () => {
  const handedOver = async () => {
    const s = await doors(bank)
    await s.book('K1')
    await s.visit('K1:1111')
    const token = (minutes: number) =>
      operator.token({
        ...{
          subject: 'K1',
          unit: 'story',
          action: 'collect',
          id: Buffer.from(`handed over ${minutes}`).subarray(0, 16),
        },
        ...{ notBefore: s.clock.wall() + minutes * 60_000, expires: s.clock.wall() + 3_600_000 },
      })
    const [before, after] = [token(-5), token(1)]
    await s.pass(120)
    await s.ask({
      ...{ kind: 'hand-over', booking: 'K1', to: 'customer', until: s.clock.wall() + 3_600_000 },
      ...{ code: seal('K1', 'collect', '3333'), tokens_from: s.clock.wall() - 90_000 },
    })
    s.lines()
    return { ...s, before, after }
  }

  test('the code from before opens nothing, the new one does', async () => {
    const s = await handedOver()
    expect(await s.visit('K1:2222')).toBeUndefined()
    expect(await s.visit('K1:3333')).toBe('S1')
  })

  test('so with tokens, also after a power cut', async () => {
    const s = await handedOver()
    await s.cutPower(10)
    await s.closedAll()
    s.lines()
    expect(await s.visit(s.before)).toBeUndefined()
    expect(s.lines()).toEqual(['token-refused scanner handed-over K1'])
    expect(await s.visit(s.after)).toBe('S1')
  })
})
