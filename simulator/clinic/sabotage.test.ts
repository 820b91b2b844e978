import { expect, test } from 'vitest'
import { clinicChecks } from './checks.ts'
import { clinicDefects } from './defects.ts'
import { runClinic } from './run.ts'

const SEEDS = 60

test('at least twenty-four defects are planted', () => {
  expect(new Set(clinicDefects.map(({ name }) => name)).size).toBeGreaterThanOrEqual(24)
})

test('every promise of the kiosk is broken by some defect', () => {
  const promises = clinicChecks.map(({ promise }) => promise)
  const idle = promises.filter(promise => !clinicDefects.some(({ breaks }) => promise.startsWith(breaks)))
  expect(idle).toEqual([])
})

test.each(clinicDefects.map(defect => [defect.name, defect] as const))(
  'caught: %s',
  async (_name, { planted, breaks }) => {
    const broken: string[] = []
    for (let seed = 1; seed <= SEEDS && !broken.some(says => says.startsWith(breaks)); seed++)
      broken.push(...(await runClinic(seed, planted())).violations)
    expect(broken.filter(says => says.startsWith(breaks))).not.toEqual([])
  },
  60_000,
)
