import { expect, test } from 'vitest'
import { sealPin } from '../../agent/domain/pin.ts'
import { site as plain, story } from '../../agent/workflows/story.ts'
import { SiteConfig } from '../../config/site.ts'

// One of the staff empties what waits for them: a badge, a PIN, and one door after the other.

const [ANN, BEN, CAT] = ['0C00A1B2C3', '0C00A1B2C4', '0C00A1B2C5']
const pin = sealPin('482915', new Uint8Array(16))
const site = SiteConfig.parse({
  ...plain,
  lines: [...plain.lines, ...['pads', 'badges'].map(name => ({ name, serial: { path: `/dev/${name}` } }))],
  devices: [
    ...plain.devices,
    { name: 'pad', line: 'pads', driver: 'serial-keypad' },
    { name: 'badges', line: 'badges', driver: 'rdm6300' },
  ],
  staff: [
    { name: 'ann', badge: ANN, pin },
    { name: 'ben', badge: BEN, pin },
    { name: 'cat', badge: CAT },
  ],
  access: {
    token_keys: [{ id: 'operator', key: 'xkVLIHuKheUh8UM92ZY9uVVc9SRxr/pIF70cjxbqYNg=' }],
    keypads: ['pad'],
    badge_readers: ['badges'],
  },
})

/** A bank in which things wait for staff behind two doors, and for a customer behind the third. */
async function bank(bookings = ['K1', 'K2', 'K3'], at = site) {
  const s = story(at)
  await s.closedAll()
  const visit = async (name: string) => {
    await s.door(name, true)
    await s.door(name, false)
  }
  for (const booking of bookings) {
    await s.book(booking)
    const { collect, deposit } = s.known().booking(booking)?.legs ?? {}
    if (booking === 'K3' && collect && deposit) {
      await s.ask({ kind: 'cancel', booking })
      const legs = {
        deposit: { by: 'staff', code: deposit.seal, until: deposit.until },
        collect: { by: 'customer', code: collect.seal, until: collect.until },
      } as const
      await s.ask({ kind: 'book', booking, size: 'S', low_reach: false, ...legs })
    }
    await s.scan(`${booking}:1111`)
    await visit(s.opened().at(-1) ?? '')
  }
  s.acts.length = 0
  s.lines()
  const badge = (id: string) => s.report('badges', { type: 'badge', id })
  const type = async (keys: string) => {
    for (const key of keys) await s.report('pad', { type: 'key', key })
  }
  return { ...s, visit, badge, type }
}

test('a badge and its PIN lead from door to door, only to what waits for staff; who opened is written down', async () => {
  const s = await bank()
  await s.badge(ANN)
  expect(s.opened()).toEqual([])
  await s.type('482915#')
  expect(s.opened()).toEqual(['S1'])
  expect(s.lines().slice(0, 2)).toEqual(['round-began ann pad 2', 'claimed K1 collect staff pad staff ann'])
  await s.visit('S1')
  expect(s.opened()).toEqual(['S1', 'M1'])
  await s.visit('M1')
  expect(s.lines().at(-1)).toBe('round-ended ann 2 done')
  expect(s.opened()).toEqual(['S1', 'M1'])
  expect(s.known().booking('K3')).toMatchObject({ stage: 'stored' })
})

test('neither a badge alone, nor a PIN alone, nor the PIN after half a minute opens anything', async () => {
  const s = await bank()
  await s.badge(ANN)
  await s.pass(31)
  await s.type('482915#')
  await s.pass(31)
  await s.type('482915#')
  await s.badge(CAT)
  await s.type('482915#')
  await s.badge('0C00A1B2FF')
  await s.type('482915#')
  expect(s.opened()).toEqual([])
  expect(s.lines().join('\n')).toContain('no PIN of theirs stands in the site file')
})

test('wrong PINs are counted, and lock out before one in a thousand can be guessed; what was typed is not written down', async () => {
  const s = await bank()
  for (let guess = 0; guess < 12; guess++) {
    await s.badge(ANN)
    await s.type(`48291${guess % 5}#`)
  }
  const lines = s.lines()
  expect(lines.filter(line => line === 'pin-refused pad ann')).toHaveLength(10)
  expect(lines.join()).toContain('locked-out pad 900')
  expect(lines.join()).not.toContain('48291')
  await s.badge(ANN)
  await s.type('482915#')
  expect(s.opened()).toEqual([])
  await s.pass(901)
  await s.badge(ANN)
  await s.type('482915#')
  expect(s.opened()).toEqual(['S1'])
})

test('a door that will not open is passed over; so is one that nobody closes, and a badge leads on at once', async () => {
  const s = await bank()
  await s.badge(ANN)
  await s.type('482915#')
  await s.pass(10)
  expect(s.opened().at(-1)).toBe('M1')
  await s.visit('M1')
  expect(s.lines().at(-1)).toBe('round-ended ann 2 done')
  const open = await bank()
  await open.badge(ANN)
  await open.type('482915#')
  await open.door('S1', true)
  await open.badge(ANN)
  expect(open.opened()).toEqual(['S1', 'M1'])
})

test('one round at a time: another badge is told so, and a restart ends it', async () => {
  const s = await bank()
  await s.badge(ANN)
  await s.type('482915#')
  s.lines()
  await s.badge(BEN)
  expect(s.lines()).toEqual(['badge-refused badges ben ann is on a round'])
  await s.cutPower(5)
  expect(s.lines()).toContain('round-ended ann 1 restart')
  await s.closedAll()
  await s.pass(300)
  expect(s.opened()).toEqual(['S1'])
})

test('where nothing waits a round is over at once', async () => {
  const s = await bank([])
  await s.badge(BEN)
  await s.type('482915#')
  expect(s.lines()).toEqual(['round-began ben pad 0', 'round-ended ben 0 done'])
})

test('whoever types booking and code while a PIN is asked for is heard as a customer', async () => {
  const s = await bank([])
  await s.book('4711')
  await s.badge(ANN)
  await s.type('4711*1111#')
  expect(s.opened()).toEqual(['S1'])
})

test('what a customer left for too long is taken out on a round, by name; before that it stays', async () => {
  const removing = SiteConfig.parse({ ...site, policy: { remove_overdue_hours: 24, reopen_seconds: 60 } })
  const s = await bank(['K3'], removing)
  const go = async () => {
    await s.badge(ANN)
    await s.type('482915#')
  }
  await s.pass(25 * 3_600)
  await go()
  expect(s.opened()).toEqual([])
  await s.pass(2 * 3_600)
  s.lines()
  await go()
  expect(s.opened()).toEqual(['S1'])
  await s.visit('S1')
  expect(s.lines()).toEqual([
    'round-began ann pad 1',
    'claimed K3 collect customer pad staff ann',
    'unlock-ordered o13 S1 1 collect K3',
    'door-opened S1 o13',
    'door-closed S1',
    'collected K3 S1',
    'booking-ended K3 removed',
    'round-ended ann 1 done',
  ])
  await s.scan('K3:2222')
  expect(s.opened()).toEqual(['S1'])
})

test('where the policy says nothing of it, a round leaves what customers left', async () => {
  const s = await bank(['K3'])
  await s.pass(10_000 * 3_600)
  await s.badge(ANN)
  await s.type('482915#')
  expect(s.opened()).toEqual([])
})
