import { z } from 'zod'
import { type Complain, nearest, type Path } from './problem.ts'

/** Says one of zod's complaints about `schema` the way the house does. `base` is where the paths of that schema begin. */
export function complainOf(
  issue: z.core.$ZodIssue,
  schema: z.ZodType,
  complain: Complain,
  base: Path = [],
): void {
  const inside = issue.path.map(step => (typeof step === 'symbol' ? String(step) : step))
  const path = [...base, ...inside]
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = settingsAt(schema, inside)
      for (const key of issue.keys)
        complain([...path, key], `unknown setting ${show(key)}`, choose(key, known, 'Known here'))
      return
    }
    case 'invalid_type':
      return complain(
        path,
        is(issue.input),
        `Give it ${ownWords(issue) ?? KINDS[issue.expected] ?? issue.expected}`,
      )
    case 'invalid_value':
      return complain(path, is(issue.input), choose(issue.input, issue.values.map(String), 'Choose'))
    case 'too_small':
      return complain(path, is(issue.input), `Give it ${counted(path, issue.origin, issue.minimum)} or more`)
    case 'too_big':
      return complain(path, is(issue.input), `Give it ${counted(path, issue.origin, issue.maximum)} or less`)
    case 'invalid_format':
    case 'not_multiple_of':
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element': {
      const own = ownWords(issue)
      return complain(path, is(issue.input), own ? `Give it ${own}` : `Mend it: ${issue.message}`)
    }
    case 'custom': {
      // What was checked is this setting alone, or how it goes with others.
      const alone = typeof issue.input === 'string' || typeof issue.input === 'number'
      return complain(
        path,
        alone ? is(issue.input) : 'does not go with the other settings',
        `Give it ${issue.message}`,
      )
    }
  }
}

/** What a schema of ours says instead of the library. */
const ownWords = ({ message }: { message: string }): string | undefined =>
  message.startsWith('Invalid') ? undefined : message

const KINDS: Record<string, string> = {
  string: 'some text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'settings of its own',
  record: 'settings of its own',
}

/** A number with what it counts, as its setting's name says. */
function counted(path: Path, origin: string, count: number | bigint): string {
  if (origin === 'array') return count === 1 ? '1 entry' : `${count} entries`
  if (origin === 'string') return count === 1 ? '1 character' : `${count} characters`
  const name = String(path.at(-1))
  const [, unit] = Object.entries(UNITS).find(([end]) => name === end || name.endsWith(`_${end}`)) ?? []
  return unit === undefined ? String(count) : `${count} ${unit}`
}

const UNITS = { seconds: 'seconds', ms: 'milliseconds', mm: 'millimetres', baud: 'bits per second' }

/** The one that was probably meant, and all there are. */
function choose(said: unknown, names: string[], all: string): string {
  const meant = typeof said === 'string' ? nearest(said, names) : undefined
  const known = `${all}: ${names.join(', ')}`
  if (meant !== undefined) return `Did you mean "${meant}"? ${known}`
  return names.length > 0 ? known : 'Take it out'
}

const shapes = new WeakMap<z.ZodType, z.core.JSONSchema.JSONSchema>()

/** The names that a schema knows at a place; none where it leads nowhere. */
function settingsAt(schema: z.ZodType, path: Path): string[] {
  const shape = shapes.get(schema) ?? z.toJSONSchema(schema, { io: 'input' })
  shapes.set(schema, shape)
  const place = path.reduce<unknown>(
    (at, step) => (typeof step === 'number' ? part(at, 'items') : part(part(at, 'properties'), step)),
    shape,
  )
  return Object.keys(part(place, 'properties') ?? {})
}

const part = (of: unknown, name: string): object | undefined =>
  typeof of === 'object' && of !== null ? Object.entries(of).find(([key]) => key === name)?.[1] : undefined

const is = (value: unknown): string => (value === undefined ? 'is missing' : `is ${show(value)}`)

/** Short whatever it is: a list may even contain itself. */
function show(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (value === null) return 'empty'
  if (typeof value === 'object') return 'a group of settings'
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
