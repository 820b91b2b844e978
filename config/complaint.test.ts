import { expect, test } from 'vitest'
import { z } from 'zod'
import { complainOf } from './complaint.ts'
import { explain, nearest } from './problem.ts'

/** What a person is told of a value that a schema refuses. */
function told(schema: z.ZodType, value: unknown): string[] {
  const lines: string[] = []
  const { error } = schema.safeParse(value, { reportInput: true })
  for (const issue of error?.issues ?? [])
    complainOf(
      issue,
      schema,
      (path, says, remedy) => void lines.push(`${path.join('.')} ${says} | ${remedy}`),
      ['x'],
    )
  return lines
}

test.each([
  [
    'a number with its unit',
    z.object({ wait_ms: z.number().max(5) }),
    { wait_ms: 9 },
    'x.wait_ms is 9 | Give it 5 milliseconds or less',
  ],
  [
    'a number that counts something else',
    z.object({ channel: z.number().min(1) }),
    { channel: 0 },
    'x.channel is 0 | Give it 1 or more',
  ],
  ['a text', z.string().min(2), 'a', 'x is "a" | Give it 2 characters or more'],
  ['a list', z.array(z.string()).max(1), ['a', 'b'], 'x is a list | Give it 1 entry or less'],
  ['a switch', z.boolean(), 'on', 'x is "on" | Give it true or false'],
  ['a group', z.object({}), 3, 'x is 3 | Give it settings of its own'],
  [
    'a rule over several',
    z.object({ a: z.number() }).refine(() => false, { path: ['a'], error: 'more than b' }),
    { a: 1 },
    'x.a does not go with the other settings | Give it more than b',
  ],
  [
    'a form that has no words of its own',
    z.string().regex(/^a/),
    'b',
    'x is "b" | Mend it: Invalid string: must match pattern /^a/',
  ],
  ['a long text', z.number(), 'y'.repeat(100), `x is "${'y'.repeat(56)}… | Give it a number`],
])('%s that is not right is told in the words of the house', (_what, schema, value, line) => {
  expect(told(schema, value)).toEqual([line])
})

test('an unknown setting inside a list is held against the names known there', () => {
  const schema = z.object({ doors: z.array(z.strictObject({ size: z.string().optional() })) })
  expect(told(schema, { doors: [{ sise: 'S' }] })).toEqual([
    'x.doors.0.sise unknown setting "sise" | Did you mean "size"? Known here: size',
  ])
})

test('where nothing is known an unknown setting is to be taken out', () => {
  expect(told(z.strictObject({}), { size: 1 })).toEqual(['x.size unknown setting "size" | Take it out'])
})

test.each([
  ['chanel', 'channel'],
  ['CHANNEL', 'channel'],
  ['hieght', 'height'],
  ['colour', undefined],
  ['x', undefined],
  ['', undefined],
  ['c'.repeat(100_000), undefined],
])('nearest to %.20s is %s', (said, meant) => {
  expect(nearest(said, ['channel', 'height', 'device'])).toBe(meant)
})

test.each([
  ['is 3', 'Give it 2', 'f:7: a.b: is 3. Give it 2.'],
  ['is 3', 'Did you mean "4"?', 'f:7: a.b: is 3. Did you mean "4"?'],
  ['is "what?"', 'Take it out!', 'f:7: a.b: is "what?". Take it out!'],
])('a problem is two sentences with one mark each: %s, %s', (says, remedy, line) => {
  expect(explain('f', { path: 'a.b', line: 7, says, remedy })).toBe(line)
})

test('a problem of the whole file has no path', () => {
  expect(explain('f', { path: '', line: 1, says: 'is empty', remedy: 'Fill it' })).toBe(
    'f:1: is empty. Fill it.',
  )
})
