import { expect, test } from 'vitest'
import { site as plain, story } from '../../agent/workflows/story.ts'
import { SiteConfig } from '../../config/site.ts'

// The mains go: what the doors still do, stage by stage.

const contact = (input: string) => ({ device: 'contacts', input })
const site = SiteConfig.parse({
  ...plain,
  lines: [...plain.lines, { name: 'contacts', serial: { path: '/dev/contacts' } }],
  devices: [...plain.devices, { name: 'contacts', line: 'contacts', driver: 'modbus-inputs' }],
  power: {
    mains_lost: contact('mains-lost'),
    battery_low: contact('battery-low'),
    battery_critical: contact('battery-critical'),
  },
})

async function bank() {
  const s = story(site)
  await s.closedAll()
  const says = (name: string, on: boolean) => s.report('contacts', { type: 'input', name, on, was: !on })
  for (const name of ['mains-lost', 'battery-low', 'battery-critical']) await says(name, false)
  await s.book('K1')
  await s.scan('K1:1111')
  await s.door('S1', true)
  await s.door('S1', false)
  await s.book('K2')
  s.acts.length = 0
  await says('mains-lost', true)
  s.lines()
  return { ...s, says }
}

test('on battery everything goes on', async () => {
  const s = await bank()
  await s.scan('K2:1111')
  expect(s.opened()).toEqual(['M1'])
})

test('when the battery is low things are only taken out', async () => {
  const s = await bank()
  await s.says('battery-low', true)
  s.lines()
  await s.scan('K2:1111')
  expect(s.lines()).toEqual(['claim-refused K2 deposit battery-low'])
  await s.scan('K1:2222')
  expect(s.opened()).toEqual(['S1'])
})

test('when it is nearly empty nothing opens but for a technician who is there, also over a restart', async () => {
  const s = await bank()
  await s.says('battery-critical', true)
  await s.cutPower(60)
  await s.closedAll()
  s.lines()
  await s.scan('K1:2222')
  expect(s.lines()).toEqual(['claim-refused K1 collect hibernating'])
  await s.instruct('i1', { kind: 'open', compartment: 'S1', reason: 'x', by: 'desk', clear: false })
  expect(s.answers.at(-1)).toEqual({
    outcome: 'refused',
    why: 'its battery is low: no door is opened from afar',
  })
  await s.ask({ kind: 'open', compartment: 'S1', reason: 'latch', by: 'tech', clear: false })
  expect(s.opened()).toEqual(['S1'])
})

test('when the mains are back for long enough all is as before; nobody is counted a guesser for it', async () => {
  const s = await bank()
  await s.says('battery-low', true)
  for (let tries = 0; tries < 20; tries++) await s.scan('K2:1111')
  await s.says('mains-lost', false)
  await s.pass(31)
  await s.scan('K2:1111')
  expect(s.opened()).toEqual(['M1'])
})
