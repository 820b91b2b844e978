import { describe, expect, test } from 'vitest'
import { step } from '../rig/planting.ts'
import { cutsOf, play } from './play.ts'
import { scripts } from './scripts.ts'

const named = (name: string) => {
  const script = scripts.find(each => each.name === name)
  if (!script) throw new Error(`there is no script ${name}`)
  return script
}

describe('the power goes at every commit, every byte to a device and every message to the cloud, and no promise breaks', () => {
  test.each(scripts.map(script => [script.name, script] as const))(
    '%s',
    async (_name, script) => {
      const whole = await play(script)
      expect(whole.violations).toEqual([])
      expect(whole.steps.length).toBeGreaterThanOrEqual(20)
      const broken: string[] = []
      for (const [index, each] of whole.steps.entries())
        for (const when of cutsOf(each)) {
          const { violations, cut } = await play(script, { step: index, when })
          expect(cut, `step ${index}`).toBe(true)
          broken.push(...violations.map(says => `step ${index} ${when}: ${says}`))
        }
      expect(broken).toEqual([])
    },
    120_000,
  )
})

test('the scripts go through every phase, and through every kind of step', async () => {
  const seen = new Set<string>()
  for (const script of scripts)
    for (const { kind, phase } of (await play(script)).steps) seen.add(phase).add(kind)
  const phases = [
    'idle',
    'verifying',
    'consulting',
    'printing',
    'vending',
    'checking',
    'delivering',
    'closing',
    'held',
  ]
  expect([...phases, 'commit', 'bytes', 'message'].filter(each => !seen.has(each))).toEqual([])
})

test('an agent that forgets after a restart what it did before is caught', async () => {
  const forgetful = step('dispense', (next, _before, event) =>
    event.type === 'restarted' ? { state: undefined, effects: [] } : next,
  )
  const script = named('one-pack')
  const { steps } = await play(script, undefined, forgetful)
  const turning = steps.findIndex(({ phase }) => phase === 'vending')
  expect(turning).toBeGreaterThan(0)
  const { violations } = await play(script, { step: turning, when: 'after' }, forgetful)
  expect(violations.join()).toContain('A9 an order to a lane that never ends')
})
