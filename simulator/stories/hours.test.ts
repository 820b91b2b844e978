import { expect, test } from 'vitest'
import { site as plain, story } from '../../agent/workflows/story.ts'
import { SiteConfig } from '../../config/site.ts'

// It is Tuesday, 14 November 2023, 22:13 in London and 17:13 in New York.

const token_keys = [{ id: 'operator', key: 'xkVLIHuKheUh8UM92ZY9uVVc9SRxr/pIF70cjxbqYNg=' }]
const WORKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri']

/** A bank in which a customer's and a staff member's things may be put in. */
async function bank(access: object) {
  const s = story(SiteConfig.parse({ ...plain, access: { token_keys, ...access } }))
  await s.closedAll()
  await s.book('K1')
  s.lines()
  return s
}

test('outside of the hours a customer opens nothing; inside of them, by the clock on the wall there, a door', async () => {
  const hours = [{ days: WORKDAYS, from: '08:00', to: '18:00' }]
  const london = await bank({ hours, time_zone: 'Europe/London' })
  await london.scan('K1:1111')
  expect(london.lines()).toEqual(['claim-refused K1 deposit closed'])
  const newYork = await bank({ hours, time_zone: 'America/New_York' })
  await newYork.scan('K1:1111')
  expect(newYork.opened()).toEqual(['S1'])
})

test('staff open always', async () => {
  const hours = [{ days: WORKDAYS, from: '17:00', to: '18:00' }]
  const s = await bank({ hours, time_zone: 'America/New_York' })
  await s.scan('K1:1111')
  await s.door('S1', true)
  await s.door('S1', false)
  await s.pass(3_600)
  s.acts.length = 0
  await s.scan('K1:2222')
  expect(s.opened()).toEqual(['S1'])
})

test('on a holiday it is closed all day; without hours it is open always', async () => {
  const holiday = await bank({ closed_on: ['2023-11-14'], time_zone: 'America/New_York' })
  await holiday.scan('K1:1111')
  expect(holiday.opened()).toEqual([])
  const always = await bank({})
  await always.scan('K1:1111')
  expect(always.opened()).toEqual(['S1'])
})
