import { expect, test } from 'vitest'
import { SiteConfig } from '../../config/site.ts'
import { site as locker, story } from './story.ts'

const AMOX = '00312345678906'

/** A kiosk that only keeps stock, with a sensor in the room. */
const site = SiteConfig.parse({
  ...locker,
  lines: [
    ...locker.lines,
    ...['packs', 'vending', 'room'].map(name => ({ name, serial: { path: `/dev/${name}` } })),
  ],
  devices: [
    ...locker.devices,
    { name: 'pack-scanner', line: 'packs', driver: 'line-scanner' },
    { name: 'vmc', line: 'vending', driver: 'fa-fb-vmc' },
    { name: 'room', line: 'room', driver: 'xy-md02' },
  ],
  products: [{ gtin: AMOX, name: 'Amoxicillin 500' }],
  lanes: [{ name: 'L1', device: 'vmc', channel: 1, product: AMOX, capacity: 9 }],
  kiosk: { pack_scanner: 'pack-scanner', climate: ['room'] },
})

function room() {
  const played = story(site)
  const load = async (serial: string) => {
    await played.ask({ kind: 'load', lane: 'L1', by: 'tech' })
    const bytes = new TextEncoder().encode(`01${AMOX}10LOT7\u001d1740123121${serial}`)
    await played.report('pack-scanner', { type: 'scan', bytes, aim: ']d2' })
    await played.ask({ kind: 'load-end', lane: 'L1', by: 'tech' })
    played.lines()
  }
  return {
    ...played,
    load,
    celsius: (celsius: number) => played.report('room', { type: 'climate', celsius, humidity: 40 }),
    /** Passes in steps, so that what is due is told in between. */
    async minutes(minutes: number) {
      for (let minute = 0; minute < minutes; minute++) await played.pass(60)
    },
    barred: () =>
      played
        .known()
        .packsIn('L1')
        .map(pack => played.known().shelf.barred(pack)),
  }
}

test('too warm for longer than is allowed quarantines what lies there, and says so once', async () => {
  const s = room()
  await s.load('A1')
  await s.celsius(22)
  await s.celsius(27)
  await s.minutes(29)
  expect(s.lines()).toEqual([])
  await s.minutes(5)
  const told = s.lines()
  expect(told.map(line => line.split(' ')[0])).toEqual(['climate-excursion', 'recalled'])
  expect(told[1]).toContain('climate-room')
  expect(s.barred()).toEqual(['climate-room'])
  await s.minutes(60)
  expect(s.lines()).toEqual([])
})

test('far too warm is told at once', async () => {
  const s = room()
  await s.load('A1')
  await s.celsius(22)
  await s.celsius(33)
  expect(s.lines().map(line => line.split(' ')[0])).toEqual(['climate-excursion', 'recalled'])
})

test('when it is right again, what was there stays quarantined and what is loaded later is not', async () => {
  const s = room()
  await s.load('A1')
  await s.celsius(33)
  await s.celsius(22)
  await s.minutes(11)
  expect(s.lines().map(line => line.split(' ')[0])).toContain('climate-recovered')
  await s.minutes(1)
  await s.load('A2')
  expect(s.barred()).toEqual(['climate-room', undefined])
  await s.ask({ kind: 'lift', recall: 'climate-room', reason: 'judged harmless', by: 'pharmacist' })
  expect(s.barred()).toEqual([undefined, undefined])
})

test('a sensor that says nothing is an excursion, also over a power cut', async () => {
  const s = room()
  await s.load('A1')
  await s.celsius(22)
  await s.report('room', { type: 'offline', why: 'no-reply' })
  await s.minutes(16)
  expect(s.lines().map(line => line.split(' ')[0])).toContain('climate-silent')
  expect(s.barred()).toEqual(['climate-room'])
  await s.cutPower(60)
  expect(s.barred()).toEqual(['climate-room'])
})

test('a calm room writes hardly anything down', async () => {
  const s = room()
  let writes = 0
  const save = s.store().processes.save
  s.store().processes.save = (...row) => {
    writes++
    save(...row)
  }
  for (let minute = 0; minute < 60; minute++) {
    await s.celsius(22 + (minute % 3) / 10)
    await s.minutes(1)
  }
  expect(writes).toBeLessThanOrEqual(8)
})
