import { describe, expect, test } from 'vitest'
import { site as plain, story } from '../../agent/workflows/story.ts'
import { SiteConfig } from '../../config/site.ts'
import { newSigner, type TokenTerms } from '../cloud/mint.ts'

// The operator has a door opened from afar: with a signature for that door, once, one door at a time.

const operator = newSigner('operator', new Uint8Array(32).fill(1))
const thief = newSigner('operator', new Uint8Array(32).fill(2))
const bank = SiteConfig.parse({
  ...plain,
  access: { token_keys: [{ id: operator.id, key: operator.key }] },
})

async function far(site = bank) {
  const s = story(site)
  await s.closedAll()
  let numbered = 0
  const grant = (terms: Partial<TokenTerms> = {}, by = operator): string =>
    by.token({
      ...{
        subject: 'M1',
        unit: 'story',
        action: 'enter',
        id: Buffer.from(String(++numbered).padStart(12, '0')),
      },
      ...{ notBefore: s.clock.wall() - 60_000, expires: s.clock.wall() + 3_600_000, ...terms },
    })
  const open = (compartment: string, given?: string) =>
    s.instruct(`i${++numbered}`, {
      kind: 'open',
      compartment,
      reason: 'phone broken',
      by: 'desk',
      clear: false,
      ...(given === undefined ? {} : { grant: given }),
    })
  return { ...s, grant, open }
}

test('with a grant for that door it opens, and the journal says whose signature it was', async () => {
  const s = await far()
  await s.open('M1', s.grant())
  expect(s.opened()).toEqual(['M1'])
  expect(s.lines()).toContain('open-asked M1 phone broken desk 303030303030303030303031 operator')
})

describe('it opens nothing', () => {
  test.each<[string, string, (s: Awaited<ReturnType<typeof far>>) => string | undefined]>([
    ['without a grant', 'an opening from afar needs a grant that the operator signed', () => undefined],
    ['signed by somebody else', 'its grant cannot be taken: bad-signature', s => s.grant({}, thief)],
    ['for another door', 'its grant is for another door', s => s.grant({ subject: 'S1' })],
    ['for another unit', 'its grant opens nothing: wrong-unit', s => s.grant({ unit: 'story-2' })],
    ["with a customer's token", 'its grant opens nothing: wrong-action', s => s.grant({ action: 'collect' })],
    [
      'after its time',
      'its grant opens nothing: expired',
      s => s.grant({ notBefore: s.clock.wall() - 7_200_000, expires: s.clock.wall() - 3_600_000 }),
    ],
    ['with something else', 'its grant cannot be taken: unreadable', () => 'OPEN SESAME'],
  ])('%s', async (_name, why, given) => {
    const s = await far()
    await s.open('M1', given(s))
    expect(s.opened()).toEqual([])
    expect(s.answers.at(-1)).toEqual({ outcome: 'refused', why })
  })

  test('with a grant that was used, also after a power cut', async () => {
    const s = await far()
    const grant = s.grant()
    await s.open('M1', grant)
    await s.door('M1', true)
    await s.door('M1', false)
    await s.cutPower(60)
    await s.closedAll()
    await s.open('M1', grant)
    expect(s.opened()).toEqual(['M1'])
    expect(s.answers.at(-1)).toEqual({ outcome: 'refused', why: 'its grant was used' })
  })

  test('while another door stands open: one at a time', async () => {
    const s = await far()
    await s.open('M1', s.grant())
    await s.door('M1', true)
    await s.open('L1', s.grant({ subject: 'L1' }))
    expect(s.answers.at(-1)).toEqual({ outcome: 'refused', why: 'another door stands open: one at a time' })
    await s.door('M1', false)
    await s.open('L1', s.grant({ subject: 'L1' }))
    expect(s.opened()).toEqual(['M1', 'L1'])
  })
})

test('a grant that was refused for another reason is not used up', async () => {
  const s = await far()
  const grant = s.grant()
  await s.silence()
  await s.open('M1', grant)
  await s.closedAll()
  await s.open('M1', grant)
  expect(s.opened()).toEqual(['M1'])
})

test('a technician at the unit needs no grant', async () => {
  const s = await far()
  await s.ask({ kind: 'open', compartment: 'M1', reason: 'latch', by: 'tech', clear: false })
  expect(s.opened()).toEqual(['M1'])
})

test('giving a compartment back from afar needs one as well', async () => {
  const s = await far()
  await s.ask({ kind: 'hold', compartment: 'M1', reason: 'oil', by: 'x' })
  await s.instruct('r1', { kind: 'return', compartment: 'M1', by: 'desk' })
  expect(s.opened()).toEqual([])
  await s.instruct('r2', { kind: 'return', compartment: 'M1', by: 'desk', grant: s.grant() })
  expect(s.opened()).toEqual(['M1'])
})

test('a site may do without signatures; the cap of openings at once stays', async () => {
  const s = await far(SiteConfig.parse({ ...bank, access: { ...bank.access, signed_opens: false } }))
  await s.open('M1')
  await s.open('L1')
  expect(s.opened()).toEqual(['M1'])
})
