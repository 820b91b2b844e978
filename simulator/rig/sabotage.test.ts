import { expect, test } from 'vitest'
import { defects } from './defects.ts'
import { run } from './run.ts'

const SEEDS = 60

test('at least twelve defects are planted', () => {
  expect(new Set(defects.map(({ name }) => name)).size).toBeGreaterThanOrEqual(12)
})

test.each(defects.map(defect => [defect.name, defect] as const))(
  'caught: %s',
  async (_name, { planted }) => {
    let caught: string[] = []
    for (let seed = 1; seed <= SEEDS && caught.length === 0; seed++) {
      const story = await run(seed, planted())
      caught = story.violations
      if (caught.length === 0 && story.digest !== (await run(seed, planted())).digest)
        caught = ['A14 the same seed told another story']
    }
    expect(caught).not.toEqual([])
  },
  120_000,
)
