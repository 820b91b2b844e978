import { expect, test } from 'vitest'
import { checks } from './checks.ts'
import { defects } from './defects.ts'
import { run } from './run.ts'

const SEEDS = 250

test('at least twelve defects are planted', () => {
  expect(new Set(defects.map(({ name }) => name)).size).toBeGreaterThanOrEqual(12)
})

test('every promise of the rig is broken by some defect', () => {
  const promises = checks.map(({ promise }) => promise)
  const idle = promises.filter(promise => !defects.some(({ breaks }) => promise.startsWith(breaks)))
  expect(idle).toEqual([])
})

test.each(defects.map(defect => [defect.name, defect] as const))(
  'caught: %s',
  async (_name, { planted, breaks }) => {
    const broken = new Set<string>()
    const caught = () => [...broken].some(says => says.startsWith(breaks))
    for (let seed = 1; seed <= SEEDS && !caught(); seed++) {
      const story = await run(seed, planted())
      for (const says of story.violations) broken.add(says)
      if (breaks === 'A14' && story.digest !== (await run(seed, planted())).digest)
        broken.add('A14 another story')
    }
    expect([...broken].filter(says => says.startsWith(breaks))).not.toEqual([])
  },
  120_000,
)
