import { expect, test } from 'vitest'
import { type LatchWatch, latchWatch } from './latch-watch.ts'

function openings(...times: number[]): { state: LatchWatch; told: string[] } {
  let state: LatchWatch | undefined
  const told: string[] = []
  for (const took of times) {
    const step: { state: LatchWatch; effects: { type: string }[] } = latchWatch.step(state as LatchWatch, {
      compartment: 'A1',
      took,
    }) as never
    state = step.state
    for (const effect of step.effects)
      if ('entry' in effect) told.push((effect.entry as { type: string }).type)
  }
  return { state: state as LatchWatch, told }
}

const times = (count: number, took: number): number[] => new Array<number>(count).fill(took)

test('a lock learns how long it takes, and says nothing while it does', () => {
  const { state, told } = openings(100, 120, 110, 90, 100, 105, 95, 100, 110, 100)
  expect(state.cycles).toBe(10)
  expect(state.typical).toBeGreaterThan(95)
  expect(state.typical).toBeLessThan(110)
  expect(told).toEqual([])
})

test('one slow opening is none; three in a row are said once', () => {
  expect(openings(...times(10, 100), 900, 100, 900, 900, 100).told).toEqual([])
  expect(openings(...times(10, 100), ...times(8, 900)).told).toEqual(['latch-slow'])
})

test('a slow lock does not teach that slow is right, and is well again after three good openings', () => {
  const { state, told } = openings(...times(10, 100), ...times(100, 900), ...times(3, 110))
  expect(told).toEqual(['latch-slow', 'latch-recovered'])
  expect(state.typical).toBeLessThan(120)
})
