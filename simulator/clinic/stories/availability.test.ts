import { expect, test } from 'vitest'
import { kiosk } from './kiosk-story.ts'
import { at } from './stages.ts'

const paper = (s: Awaited<ReturnType<typeof kiosk>>, ready: boolean) =>
  s.report('printer', { type: 'printer', ready })

test('what lasts a moment only is not worth a word', async () => {
  const s = await kiosk()
  for (let times = 0; times < 5; times++) {
    await paper(s, false)
    await s.pass(19)
    await paper(s, true)
    await s.pass(1)
  }
  await s.pass(600)
  expect(s.told()).toEqual([])
})

test('what lasts is said once, with what is owed; and that it is over is said once', async () => {
  const s = await kiosk()
  await s.ready('RX1')
  await s.prescribe('RX2')
  s.told()
  await paper(s, false)
  await s.pass(19)
  expect(s.told()).toEqual([])
  await s.pass(2)
  await s.pass(600)
  expect(s.told()).toEqual(['out-of-service printer is not ready 2'])
  await paper(s, true)
  await s.pass(600)
  expect(s.told()).toEqual(['in-service'])
})

test('when something else is wrong meanwhile, that is said', async () => {
  const s = await kiosk()
  await paper(s, false)
  await s.pass(21)
  await s.door(true)
  await paper(s, true)
  await s.pass(60)
  expect(s.told().filter(line => line.includes('service'))).toEqual([
    'out-of-service printer is not ready 0',
    'out-of-service the delivery door is open 0',
  ])
})

test('a patient who takes their time puts nothing out of service', async () => {
  const s = await at('open')
  await s.pass(600)
  await s.tray(false)
  await s.door(false)
  await s.pass(600)
  expect(s.told().filter(line => line.endsWith('-service') || line.startsWith('out-of-service'))).toEqual([])
})

test('a power cut while out of service says nothing of what only takes its time to answer', async () => {
  const s = await kiosk()
  await paper(s, false)
  await s.pass(21)
  s.told()
  await s.cutPower(5)
  for (const { name } of s.site.devices) await s.report(name, { type: 'online' })
  await paper(s, false)
  await s.doorFound(false)
  await s.pass(60)
  expect(s.told()).toEqual([])
  await paper(s, true)
  expect(s.told()).toEqual(['in-service'])
})
