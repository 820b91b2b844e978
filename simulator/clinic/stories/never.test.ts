import { expect, test } from 'vitest'
import { random } from '../../world/random.ts'
import type { Terms } from './cause.ts'
import { payingSite } from './kiosk-site.ts'
import { type Kiosk, kiosk } from './kiosk-story.ts'
import { openJudge } from './never.ts'
import { openWalk } from './walk.ts'

/** How long one story is, and how many are told. */
const LENGTH = 100
const STORIES = 220

/** What was reached, by name: a walk that goes nowhere proves nothing. */
const reached = new Map<string, number>()
const note = (what: string): void => void reached.set(what, (reached.get(what) ?? 0) + 1)

async function tell(seed: number): Promise<void> {
  const dice = random(`never ${seed}`)
  const consult = dice.chance(1, 3)
  const factor = dice.chance(4, 5)
  const terms: Terms = { consult, factor, prescribed: new Map() }
  const s = await kiosk({
    site: payingSite,
    rules: {
      second_factor: factor,
      counselling: {
        when: consult ? 'each' : 'never',
        before_loading: false,
        may_decline: true,
        wait_seconds: 60,
      },
    },
  })
  const judge = openJudge(s, terms)
  const walk = openWalk(s, dice, terms)
  for (let step = 0; step < LENGTH; step++) {
    const before = s.phase() ?? 'nobody'
    const cause = await walk.next(dice.pick([60, 90]))
    if (cause.type === 'restart') note(`restart while ${before}`)
    judged(seed, step, () => judge.check(cause))
  }
  const last = await walk.settle()
  judged(seed, LENGTH, () => judge.check(last))
  expect(s.phase(), `seed ${seed}: what is left when staff have looked`).toBeUndefined()
  for (const entry of entriesOf(s)) note('why' in entry ? `${entry.type} ${entry.why}` : entry.type)
}

const entriesOf = (s: Kiosk) => s.steps.flatMap(({ entries }) => entries)

function judged(seed: number, step: number, look: () => void): void {
  try {
    look()
  } catch (broken) {
    throw new Error(`seed ${seed}, step ${step}: ${broken instanceof Error ? broken.message : broken}`)
  }
}

test('whatever comes in whatever order: nothing that must never happen does', async () => {
  for (let seed = 1; seed <= STORIES; seed++) await tell(seed)
})

// What so many stories do not reach (a restart while somebody pays, a jam, what was left behind) has stories of its own beside.
test('those stories went nearly everywhere', () => {
  const phases = ['verifying', 'consulting', 'printing', 'vending', 'checking', 'delivering', 'held']
  const whys = ['wrong-pack', 'two-packs', 'unread-pack', 'in-doubt', 'interrupted', 'door']
  const wanted = [
    ...phases.map(phase => `restart while ${phase}`),
    ...whys.map(why => `dispense-held ${why}`),
    ...['handed-over', 'prescription-ended handed-over', 'prescription-ended partial', 'reservation-moved'],
    ...['payment-in-doubt', 'consult-ended', 'factor-refused', 'vend-failed', 'pack-removed'],
  ]
  expect(wanted.filter(what => !reached.has(what))).toEqual([])
})
