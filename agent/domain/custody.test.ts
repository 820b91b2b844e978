import { expect, test } from 'vitest'
import { type Story, site, story } from '../workflows/story.ts'
import { custodyFold, gatherCustody } from './custody.ts'
import { tellCustody } from './custody-says.ts'
import type { Custody, CustodyOf } from './custody-words.ts'
import type { Entry, Row } from './journal.ts'
import { readRows } from './record-proof.ts'
import { chained } from './record-stories.ts'

// Chains of journals that the real workflows wrote.

const of: CustodyOf = { unit: 'story', boards: { S1: 'board', M1: 'board', L1: 'board' } }

async function put(): Promise<Story> {
  const s = story()
  await s.closedAll()
  await s.book('K1')
  await s.scan('K1:1111')
  await turn(s)
  return s
}

/** The power goes, and the agent says that it began to run again, as it does before anything else. */
async function powerGoes(s: Story, seconds: number): Promise<void> {
  await s.cutPower(seconds)
  s.store().journal.append(s.clock.wall(), { type: 'started', version: '1', after: 'crash' })
}

/** Whoever closed a door may open it once more. */
const lenient = { ...site, policy: { ...site.policy, reopen_seconds: 120 } }

async function turn(s: Story): Promise<void> {
  await s.door('S1', true)
  await s.door('S1', false)
}

async function take(s: Story): Promise<void> {
  await s.scan('K1:2222')
  await turn(s)
}

const rowsOf = (s: Story): Row[] => s.store().journal.after(0, 10_000)

function chainOf(s: Story, booking = 'K1'): Custody {
  const found = gatherCustody(rowsOf(s), of).find(each => each.booking === booking)
  if (!found) throw new Error('no chain')
  return found
}

/** The links as short lines: what, where, who, how proven, what the door said. */
const brief = ({ links }: Custody): string[] =>
  links.map(({ what, compartment, who, proof, evidence, doubt }) =>
    [what, compartment, who, proof?.how, ...evidence.map(({ saw }) => saw), doubt ? '?' : undefined]
      .filter(part => part !== undefined)
      .join(' '),
  )

const gaps = ({ broken }: Custody): string[] =>
  broken.map(({ says }) => says.replaceAll(/\d{4}-[-\d]*T[:.\d]*Z/g, 'T'))

test('an item that went as it should has one link for each hand, and the chain is whole', async () => {
  const s = await put()
  await take(s)
  const chain = chainOf(s)
  expect(brief(chain)).toEqual([
    'booked',
    'put-in S1 customer code opened closed',
    'taken S1 staff code opened closed',
    'ended S1',
  ])
  expect(chain).toMatchObject({ unit: 'story', size: 'S', status: 'collected', broken: [] })
  expect(chain.links[1]?.proof).toEqual({ how: 'code', reader: 'scanner' })
  expect(tellCustody(chain)[0]).toBe('K1 (size S, story): collected, the chain is whole')
})

test('every row that names a booking stands in its chain, and each sighting of the door with its own row', async () => {
  const s = await put()
  await take(s)
  const { links } = chainOf(s)
  const named = rowsOf(s).filter(({ entry }) =>
    [
      'booked',
      'claimed',
      'unlock-ordered',
      'door-opened',
      'door-closed',
      'deposited',
      'collected',
      'booking-ended',
    ].includes(entry.type),
  )
  expect(links.flatMap(({ rows }) => rows)).toEqual(named.map(({ seq }) => seq))
  const opened = rowsOf(s).filter(({ entry }) => entry.type === 'door-opened')
  expect(links.flatMap(({ evidence }) => evidence.filter(({ saw }) => saw === 'opened'))).toEqual(
    opened.map(({ seq, at }) => ({ seq, at, saw: 'opened' })),
  )
})

test('a forced door breaks the chain of what lies behind it, and of nothing else', async () => {
  const s = await put()
  await s.book('K2')
  await s.door('M1', true)
  await s.door('M1', false)
  expect(chainOf(s).broken).toEqual([])
  await turn(s)
  await take(s)
  expect(brief(chainOf(s)).slice(2)).toEqual([
    'forced S1 opened closed ?',
    'taken S1 staff code opened closed',
    'ended S1',
  ])
  expect(gaps(chainOf(s))).toEqual(['S1 was opened at T and nobody was told to: things lay in it.'])
  expect(brief(chainOf(s, 'K2'))).toEqual(['booked'])
})

test('a door that opens when another was told to is no visit of anybody', async () => {
  const s = await put()
  await s.ask({ kind: 'open', compartment: 'M1', reason: 'look', by: 'kim', clear: false })
  await turn(s)
  expect(brief(chainOf(s)).at(-1)).toBe('wrong-door S1 opened closed ?')
  expect(gaps(chainOf(s))).toEqual(['S1 opened at T when another door was told to: things lay in it.'])
})

test('staff who opens for another reason is in the chain by name and reason, and breaks it', async () => {
  const s = await put()
  await s.ask({ kind: 'open', compartment: 'S1', reason: 'latch check', by: 'kim', clear: false })
  await turn(s)
  const chain = chainOf(s)
  expect(brief(chain).at(-1)).toBe('opened S1 kim asked opened closed')
  expect(chain.links.at(-1)?.proof).toEqual({ how: 'asked', reason: 'latch check' })
  expect(gaps(chain)).toEqual(['S1 was opened for kim at T, who had no booking: things lay in it.'])
})

test('whoever clears a compartment took the things, by name: that is a hand, and no gap', async () => {
  const s = await put()
  await s.ask({ kind: 'open', compartment: 'S1', reason: 'never came', by: 'kim', clear: true })
  await turn(s)
  const chain = chainOf(s)
  expect(brief(chain).slice(2)).toEqual(['taken S1 kim asked opened closed', 'ended S1'])
  expect(chain).toMatchObject({ status: 'cleared', broken: [] })
})

test('an opening for staff while nothing lies there breaks no chain', async () => {
  const s = await put()
  await take(s)
  const before = chainOf(s)
  await s.ask({ kind: 'open', compartment: 'S1', reason: 'clean', by: 'kim', clear: false })
  await turn(s)
  expect(chainOf(s)).toEqual(before)
})

test('while the power is away nobody sees the door, and the chain says from when to when', async () => {
  const s = await put()
  const last = rowsOf(s).at(-1)?.at
  await powerGoes(s, 600)
  const link = chainOf(s).links.at(-1)
  expect(link).toMatchObject({ what: 'unseen', why: 'crash', from: last, until: rowsOf(s).at(-1)?.at })
  expect(gaps(chainOf(s))).toEqual(['Nobody could see S1 from T to T: things lay in it.'])
  await s.door('S1', true, undefined)
  await s.door('S1', false)
  expect(brief(chainOf(s)).at(-1)).toBe('found-open S1 found-open closed ?')
  expect(gaps(chainOf(s))[1]).toBe('S1 was found open at T: nobody saw who opened it.')
})

test('a board that is silent leaves its doors unseen, those of another board do not care', async () => {
  const s = await put()
  await s.silence()
  expect(gaps(chainOf(s))).toEqual(['Nobody could see S1 from T on: things lay in it.'])
  await s.report('board', { type: 'online' } as never)
  expect(gaps(chainOf(s))).toEqual(['Nobody could see S1 from T to T: things lay in it.'])
  const elsewhere = gatherCustody(rowsOf(s), { unit: 'story', boards: { S1: 'other' } })
  expect(elsewhere[0]?.broken).toEqual([])
  const unknown = gatherCustody(rowsOf(s), { unit: 'story', boards: {} })
  expect(unknown[0]?.broken).toHaveLength(1)
})

test('power that goes right after the order leaves a doubt, and who settled it is in the chain', async () => {
  const s = await put()
  await s.scan('K1:2222')
  await powerGoes(s, 600)
  await s.closedAll()
  expect(brief(chainOf(s)).slice(2)).toEqual(['in-doubt S1 staff code ?', 'unseen S1 ?'])
  await s.ask({ kind: 'release', compartment: 'S1', by: 'kim' })
  const chain = chainOf(s)
  expect(chain.links[2]?.settled).toMatchObject({ how: 'released', by: 'kim' })
  expect(gaps(chain)[0]).toMatch(
    /^S1 was told to open at T, and nobody saw whether it did \(settled by kim at T\)\.$/,
  )
  await take(s)
  expect(brief(chainOf(s)).slice(-2)).toEqual(['taken S1 staff code opened closed', 'ended S1'])
})

test('a doubt of a deposit counts as something that lies there, until somebody looked', async () => {
  const s = story()
  await s.closedAll()
  await s.book('K1')
  await s.scan('K1:1111')
  await powerGoes(s, 600)
  await s.closedAll()
  expect(chainOf(s)).toMatchObject({ status: 'in' })
  await s.ask({ kind: 'release', compartment: 'S1', by: 'kim' })
  const chain = chainOf(s)
  expect(chain.status).toBe('expected')
  expect(chain.links[1]).toMatchObject({ what: 'in-doubt', lying: true, settled: { by: 'kim' } })
})

test('a visit during which the power went is not proven, whatever the door says afterwards', async () => {
  const s = await put()
  await s.scan('K1:2222')
  await powerGoes(s, 5)
  await s.door('S1', true, undefined)
  await s.door('S1', false)
  expect(brief(chainOf(s)).slice(2)).toEqual([
    'taken S1 staff code opened closed ?',
    'unseen S1 ?',
    'ended S1',
  ])
  expect(gaps(chainOf(s))[0]).toBe(
    'S1 was not seen all the time from when it opened to when it was closed (T).',
  )
})

test('a lock that does not open is an attempt and no hand-over; the next compartment is where it lies', async () => {
  const s = story()
  await s.closedAll()
  await s.book('K1')
  await s.scan('K1:1111')
  await s.pass(60)
  expect(brief(chainOf(s))).toEqual(['booked', 'not-opened S1 customer code'])
  expect(chainOf(s).links[1]?.rows.length).toBeGreaterThan(3)
  await s.scan('K1:1111')
  await s.door('M1', true)
  await s.door('M1', false)
  // S1 is nothing to this booking any more.
  await s.door('S1', true)
  expect(brief(chainOf(s)).slice(2)).toEqual(['put-in M1 customer code opened closed'])
  expect(chainOf(s).broken).toEqual([])
})

test('whoever closed a door and opens it once more is a link of their own, and nothing is taken by it', async () => {
  const s = story(lenient)
  await s.closedAll()
  await s.book('K1')
  for (let turn = 0; turn < 2; turn++) {
    await s.scan('K1:1111')
    await s.door('S1', true)
    await s.door('S1', false)
  }
  expect(brief(chainOf(s)).slice(1)).toEqual([
    'put-in S1 customer code opened closed',
    'opened-again S1 customer code opened closed',
  ])
  expect(chainOf(s)).toMatchObject({ status: 'in', broken: [] })
})

test.each([true, false])(
  'what did not fit moves, and that the first was emptied must be seen (%s)',
  async again => {
    const s = story(lenient)
    await s.closedAll()
    await s.book('K1')
    for (let turn = 0; turn < (again ? 2 : 1); turn++) {
      await s.scan('K1:1111')
      await s.door('S1', true)
      await s.door('S1', false)
    }
    await s.ask({ kind: 'refit', booking: 'K1' })
    await s.door('M1', true)
    await s.door('M1', false)
    const chain = chainOf(s)
    expect(brief(chain).slice(-2)).toEqual([
      again ? 'moved M1 customer' : 'moved M1 customer ?',
      'put-in M1 customer opened closed',
    ])
    expect(gaps(chain)).toEqual(
      again ? [] : ['Nothing shows that S1 was emptied when M1 was given for it at T.'],
    )
    // What happens to the first is no matter of theirs any more.
    await s.door('S1', true)
    expect(chainOf(s)).toEqual(chain)
  },
)

test('wrong codes, new codes and refusals are in the chain: who tried is part of it', async () => {
  const s = await put()
  await s.scan('K1:9999')
  await s.scan('K1:1111')
  const { links } = chainOf(s)
  expect(links.slice(2).map(({ what, why, lying }) => [what, why, lying])).toEqual([
    ['refused', 'wrong-code', true],
    ['refused', 'used', true],
  ])
  expect(chainOf(s).broken).toEqual([])
})

test('a compartment that is held and released while something lies in it says by whom', async () => {
  const s = await put()
  await s.ask({ kind: 'hold', compartment: 'S1', reason: 'scratched', by: 'kim' })
  await s.ask({ kind: 'release', compartment: 'S1', by: 'lee' })
  expect(brief(chainOf(s)).slice(2)).toEqual(['held S1 kim', 'released S1 lee'])
})

test('a booking that ends untouched is a whole chain of two links', async () => {
  const s = story()
  await s.book('K1')
  await s.ask({ kind: 'cancel', booking: 'K1' })
  expect(brief(chainOf(s))).toEqual(['booked', 'ended'])
  expect(chainOf(s)).toMatchObject({ status: 'cancelled', broken: [] })
})

test('a door left open over what lies there is a gap', async () => {
  const s = story()
  await s.closedAll()
  await s.book('K1')
  await s.scan('K1:1111')
  await s.door('S1', true)
  await s.pass(3_000)
  expect(gaps(chainOf(s))).toEqual(['S1 stood open at T for longer than it may.'])
})

test('an id that comes again has a chain of its own', async () => {
  const s = await put()
  await take(s)
  await s.book('K1')
  const chains = gatherCustody(rowsOf(s), of)
  expect(chains.map(({ status }) => status)).toEqual(['collected', 'expected'])
  expect(new Set(chains.map(({ hash }) => hash)).size).toBe(2)
})

test('a chain is given back when its booking ends, and nothing of it is kept', async () => {
  const s = await put()
  await take(s)
  const fold = custodyFold(of)
  const ended = rowsOf(s).flatMap(row => fold.take(row) ?? [])
  expect(ended.map(({ booking }) => booking)).toEqual(['K1'])
  expect(fold.open()).toEqual([])
})

test('a door forced while its opening is in doubt is no visit, and does not end the doubt', async () => {
  const s = await put()
  await s.scan('K1:2222')
  await powerGoes(s, 600)
  await s.closedAll()
  await turn(s)
  expect(brief(chainOf(s)).slice(2)).toEqual([
    'in-doubt S1 staff code ?',
    'unseen S1 ?',
    'forced S1 opened closed ?',
  ])
})

test('a lock that opens at the second try is one hand-over of one visit', async () => {
  const s = story()
  await s.closedAll()
  await s.book('K1')
  await s.scan('K1:1111')
  while (s.opened().length < 2) await s.pass(1)
  await turn(s)
  expect(brief(chainOf(s))).toEqual(['booked', 'put-in S1 customer code opened closed'])
})

test('a door that was seen to open and only found closed proves no hand-over', async () => {
  const s = story()
  await s.closedAll()
  await s.book('K1')
  await s.scan('K1:1111')
  await s.door('S1', true)
  await s.silence()
  await s.door('S1', false)
  // As if the site file of today had another board for it than it had then.
  const [chain] = gatherCustody(rowsOf(s), { unit: 'story', boards: { S1: 'other' } })
  expect(chain && brief(chain).slice(1)).toEqual(['put-in S1 customer code opened found-closed ?'])
})

test('opening once more in vain leaves what lies there in the chain', async () => {
  const s = story(lenient)
  await s.closedAll()
  await s.book('K1')
  await s.scan('K1:1111')
  await turn(s)
  await s.scan('K1:1111')
  await s.pass(60)
  expect(brief(chainOf(s)).slice(2)).toEqual(['not-opened S1 customer code', 'held S1 unit'])
  await s.ask({ kind: 'release', compartment: 'S1', by: 'kim' })
  await s.scan('K1:1111')
  await powerGoes(s, 600)
  await s.closedAll()
  await s.ask({ kind: 'release', compartment: 'S1', by: 'kim' })
  await s.door('S1', true)
  const chain = chainOf(s)
  expect(chain.status).toBe('in')
  expect(chain.links.at(-1)).toMatchObject({ what: 'forced', lying: true })
})

test('once it was taken out, a door that is opened breaks no chain any more', async () => {
  const s = story(lenient)
  await s.closedAll()
  await s.book('K1')
  await s.scan('K1:1111')
  await turn(s)
  await s.scan('K1:2222')
  await turn(s)
  await turn(s)
  const chain = chainOf(s)
  expect(chain).toMatchObject({ status: 'taken', broken: [] })
  expect(chain.links.at(-1)).toMatchObject({ what: 'forced', lying: false })
})

test('what was opened once more while nobody saw it all is not shown to be empty', async () => {
  const s = story(lenient)
  await s.closedAll()
  await s.book('K1')
  await s.scan('K1:1111')
  await turn(s)
  await s.scan('K1:1111')
  await powerGoes(s, 5)
  await s.door('S1', true, undefined)
  await s.door('S1', false)
  await s.door('M1', false, undefined)
  await s.ask({ kind: 'refit', booking: 'K1' })
  expect(gaps(chainOf(s)).join()).toContain('Nothing shows that S1 was emptied')
  expect(chainOf(s).status).toBe('expected')
})

const DEPOSIT: Entry[] = [
  { type: 'booked', booking: 'K1', size: 'S', low_reach: false },
  { type: 'claimed', booking: 'K1', leg: 'deposit', by: 'staff', reader: 'door', how: 'staff', who: 'kim' },
  { type: 'unlock-ordered', order: 'o1', compartment: 'S1', attempt: 1, purpose: 'deposit K1' },
  { type: 'door-opened', compartment: 'S1', order: 'o1' },
]
const STORED: Entry[] = [
  ...DEPOSIT,
  { type: 'door-closed', compartment: 'S1' },
  { type: 'deposited', booking: 'K1', compartment: 'S1' },
]

function told(entries: readonly Entry[]): Custody {
  const [chain] = gatherCustody(readRows(chained(entries)), of)
  if (!chain) throw new Error('no chain')
  return chain
}

test('one of the staff who proved who they are is in the chain by name', () => {
  expect(brief(told(STORED)).at(-1)).toBe('put-in S1 kim staff opened closed')
})

test('a door found closed that nobody saw open is a gap of its own', () => {
  const chain = told([...STORED, { type: 'door-found', compartment: 'S1', open: false }])
  expect(brief(chain).at(-1)).toBe('found-closed S1 found-closed ?')
  expect(gaps(chain)).toEqual(['S1 was found closed at T: nobody saw it open or close.'])
})

test.each(['cancelled', 'expired'] as const)(
  'a booking that is %s while something may lie there ends with a gap',
  why => {
    const end: Entry = { type: 'booking-ended', booking: 'K1', why }
    expect(gaps(told([...DEPOSIT, end]))).toContain(`K1 ended as ${why} while something may have lain in S1.`)
  },
)

test.each(['collected', 'cleared'] as const)(
  'a booking that is %s and that no row says was taken ends with a gap',
  why => {
    const end: Entry = { type: 'booking-ended', booking: 'K1', why }
    expect(gaps(told([...STORED, end]))).toEqual([
      `K1 ended as ${why}, and no row says that it was taken out.`,
    ])
  },
)
