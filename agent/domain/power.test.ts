import { describe, expect, test } from 'vitest'
import {
  type Contact,
  type Contacts,
  type Mains,
  mainsOf,
  PERMITS,
  type PowerTimes,
  powerBar,
  STAGES,
  type Stage,
  stageOf,
} from './power.ts'

const LOW = 60
const HIBERNATING = 240
const times: PowerTimes = { low: LOW, hibernating: HIBERNATING }
const SAYS: Contact[] = ['on', 'off', 'silent', 'none']

const contacts = (mains_lost: Contact, battery_low: Contact, battery_critical: Contact): Contacts => ({
  mains_lost,
  battery_low,
  battery_critical,
})

const all = SAYS.flatMap(mains => SAYS.flatMap(low => SAYS.map(critical => contacts(mains, low, critical))))

/** `last`: what was known of the mains before; by itself what goes with the stage. */
const told = (was: Stage, says: Contacts, at: number, due = times, last = usual(was)): string => {
  const change = stageOf({ stage: was, mains: last }, says, due, at)
  return change ? `${change.stage}, ${change.why}` : 'stands'
}

const usual = (was: Stage): Mains => (was === 'normal' ? 'back' : 'lost')

describe('contacts', () => {
  const empty = 'hibernating, battery-critical'
  const low = 'low, battery-low'
  /** Mains lost, battery low, battery critical: what becomes of each stage in order. The first line that fits counts. */
  const table: [mains: string, low: string, critical: string, becomes: string[]][] = [
    ['off', '*', '*', ['stands', 'stands', 'stands', 'stands']],
    ['on', '*', 'on', [empty, empty, empty, 'stands']],
    ['on', 'on', '*', [low, low, 'stands', 'stands']],
    ['on', '*', '*', ['on-battery, mains-lost', 'stands', 'stands', 'stands']],
    ['silent', '*', 'on', ['stands', empty, empty, 'stands']],
    ['silent', 'on', '*', ['stands', low, 'stands', 'stands']],
    ['silent', '*', '*', ['stands', 'stands', 'stands', 'stands']],
    ['none', '*', 'on', [empty, empty, empty, 'stands']],
    ['none', 'on', '*', [low, low, 'stands', 'stands']],
    ['none', '*', '*', ['stands', 'stands', 'stands', 'stands']],
  ]
  const fits = (said: string, says: Contact) => said === '*' || said === says
  const expected = (says: Contacts) =>
    table.find(
      ([mains, battery, critical]) =>
        fits(mains, says.mains_lost) &&
        fits(battery, says.battery_low) &&
        fits(critical, says.battery_critical),
    )?.[3]

  test('every combination at every stage, before any time is up, does what the table says', () => {
    for (const says of all)
      expect([says, STAGES.map(was => told(was, says, LOW - 1))]).toEqual([says, expected(says)])
  })

  test('one that falls silent changes nothing by that, whatever it and the others said', () => {
    for (const was of STAGES)
      for (const says of all) {
        const mains = mainsOf(says)
        if (!mains || told(was, says, 0) !== 'stands') continue
        for (const name of Object.keys(says))
          expect([was, says, name, told(was, { ...says, [name]: 'silent' }, 0, times, mains)]).toEqual([
            was,
            says,
            name,
            'stands',
          ])
      }
  })

  test('mains that was back when its contact fell silent keeps the contacts of the battery from counting', () => {
    expect(told('on-battery', contacts('silent', 'on', 'on'), 0, times, 'back')).toBe('stands')
    expect(told('on-battery', contacts('silent', 'on', 'on'), 0, times, 'lost')).toBe(empty)
    expect(told('normal', contacts('silent', 'off', 'off'), 0, times, 'lost')).toBe('stands')
  })
})

describe('time', () => {
  const lost = contacts('on', 'off', 'off')

  test.each<[was: Stage, at: number, becomes: string]>([
    ['normal', LOW - 1, 'on-battery, mains-lost'],
    ['normal', LOW, 'low, time-on-battery'],
    ['normal', HIBERNATING, 'hibernating, time-on-battery'],
    ['on-battery', LOW - 1, 'stands'],
    ['on-battery', LOW, 'low, time-on-battery'],
    ['on-battery', HIBERNATING - 1, 'low, time-on-battery'],
    ['on-battery', HIBERNATING, 'hibernating, time-on-battery'],
    ['low', HIBERNATING - 1, 'stands'],
    ['low', HIBERNATING, 'hibernating, time-on-battery'],
    ['hibernating', HIBERNATING, 'stands'],
    ['hibernating', Number.MAX_SAFE_INTEGER, 'stands'],
  ])('without mains, %s at %d: %s', (was, at, becomes) => {
    expect(told(was, lost, at)).toBe(becomes)
  })

  test('counts on battery without a contact for mains, too', () => {
    expect(told('low', contacts('none', 'on', 'silent'), HIBERNATING - 1)).toBe('stands')
    expect(told('low', contacts('none', 'on', 'silent'), HIBERNATING)).toBe('hibernating, time-on-battery')
  })

  test('of two reasons for one stage the contact is named', () => {
    expect(told('on-battery', contacts('on', 'on', 'off'), LOW)).toBe('low, battery-low')
    expect(told('low', contacts('on', 'on', 'on'), HIBERNATING)).toBe('hibernating, battery-critical')
  })

  test('does not count while nobody can tell whether there is mains', () => {
    for (const was of STAGES)
      for (const says of [contacts('silent', 'off', 'off'), contacts('none', 'silent', 'off')]) {
        expect(told(was, says, HIBERNATING)).toBe('stands')
        expect(told(was, says, HIBERNATING, { ...times, settled: 1 }, 'back')).toBe('stands')
      }
  })
})

describe('mains that is back', () => {
  test('makes every stage normal once it has settled, and none before', () => {
    for (const was of STAGES) {
      const becomes = was === 'normal' ? 'stands' : 'normal, mains-back'
      for (const says of all.filter(({ mains_lost }) => mains_lost === 'off')) {
        const due = { ...times, settled: 300 }
        expect([was, told(was, says, 299, due)]).toEqual([was, 'stands'])
        expect([was, told(was, says, 300, due)]).toEqual([was, becomes])
        expect([was, told(was, says, 300)]).toEqual([was, 'stands'])
      }
    }
  })

  test('is what a battery says that is no longer low, where no contact tells of mains', () => {
    const due = { ...times, settled: 300 }
    expect(told('low', contacts('none', 'off', 'none'), 300, due)).toBe('normal, mains-back')
    expect(told('low', contacts('none', 'silent', 'off'), 300, due)).toBe('stands')
  })
})

test('nothing but mains that is back ever makes a stage better', () => {
  for (const was of STAGES)
    for (const says of all)
      for (const at of [0, LOW, HIBERNATING])
        for (const due of [times, { ...times, settled: 0 }]) {
          const change = stageOf({ stage: was, mains: usual(was) }, says, due, at)
          if (change && change.why !== 'mains-back')
            expect(STAGES.indexOf(change.stage)).toBeGreaterThan(STAGES.indexOf(was))
          if (change?.why === 'mains-back') expect(says.mains_lost).toMatch(/^(off|none)$/)
        }
})

describe('what a stage permits', () => {
  test.each<[Stage, deposit: string | undefined, collect: string | undefined, remote: boolean]>([
    ['normal', undefined, undefined, true],
    ['on-battery', undefined, undefined, true],
    ['low', 'battery-low', undefined, true],
    ['hibernating', 'hibernating', 'hibernating', false],
  ])('%s', (stage, deposit, collect, remote) => {
    expect([powerBar(stage, 'deposit'), powerBar(stage, 'collect')]).toEqual([deposit, collect])
    expect(PERMITS[stage]).toMatchObject({ remote })
  })
})
