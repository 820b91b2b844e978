import { expect, test } from 'vitest'
import { type InputWatch, inputWatch } from './input-watch.ts'

function readings(...on: boolean[]): string[] {
  let state: InputWatch | undefined
  return on.flatMap(each => {
    const step = inputWatch.step(state as InputWatch, { device: 'io', input: 'tamper', on: each })
    state = step.state
    return step.effects.map(effect =>
      effect.type === 'record' && effect.entry.type === 'input-changed' ? `${effect.entry.on}` : effect.type,
    )
  })
}

test('a contact is written down when it changes, and at first only when it is on', () => {
  expect(readings(false, false, true, true, false)).toEqual(['true', 'false'])
  expect(readings(true, true, false)).toEqual(['true', 'false'])
})
