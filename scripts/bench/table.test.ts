import { expect, test } from 'vitest'
import { benches } from './benches.ts'
import { figure, percentile } from './figure.ts'
import { heading, line, wrap } from './table.ts'

const GOALS = ['≤ 2 × script + one fsync', '≤ 3 × script + 2 fsyncs', '≥ 5 × one publish a row']

test('the longest names, numbers and goals fit 80 columns', () => {
  const names = benches.flatMap(({ figures }) => figures)
  expect(names.length).toBeGreaterThan(10)
  for (const name of names)
    for (const goal of GOALS) {
      const written = line(name, figure(123_456, 'reports/s', 123_456, goal, false))
      expect(written.length, written).toBeLessThanOrEqual(80)
      expect(written).toContain(`${name} `)
    }
  expect(heading().indexOf('goal')).toBe(line('a', figure(1, 'ms', 1, 'goal', true)).indexOf('goal'))
})

test('a missed goal is marked, and a figure without a floor says so', () => {
  expect(line('x', figure(2, 'ms', null, '≤ 1', false))).toMatch(/^! x +2 ms +– +– +≤ 1$/)
  expect(line('x', figure(2, 'ms', 4, '≤ 3', true))).toMatch(/^ {2}x +2 ms +4 +× 0.5 +≤ 3$/)
})

test('sentences break between words and lose none', () => {
  const text = 'so many words that they cannot all stand on one line of a terminal '.repeat(4).trim()
  const lines = wrap(text).split('\n')
  expect(lines.length).toBeGreaterThan(2)
  for (const each of lines) expect(each.length).toBeLessThanOrEqual(80)
  expect(lines.map(each => each.trim()).join(' ')).toBe(text)
})

test('every figure has one bench', () => {
  const names = benches.flatMap(({ figures }) => figures)
  expect(new Set(names).size).toBe(names.length)
})

test('the median is the middle and the last percentile the longest', () => {
  expect(percentile([5, 1, 3], 0.5)).toBe(3)
  expect(percentile([5, 1, 3], 0.99)).toBe(5)
})
