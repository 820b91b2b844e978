import type { Entry } from '../../../agent/domain/journal.ts'

/** What happens at the edges of each story and says nothing of it. */
const ASIDE: ReadonlySet<Entry['type']> = new Set<Entry['type']>([
  'instruction-accepted',
  'instruction-ended',
  'input-changed',
  'device-online',
  'door-closed',
])
/** Names that are made up as they come, long texts, and words for people. */
const UNSAID: ReadonlySet<string> = new Set([
  'order',
  'statement',
  'digest',
  'says',
  'until',
  'code',
  'by',
  'reader',
  'reason',
])

/** One entry as a short line: its type, then what of it a story is about. Nothing for what is beside the story. */
export function tellShort({ type, ...facts }: Entry): string | undefined {
  if (ASIDE.has(type)) return undefined
  const said = Object.entries(facts).flatMap(([name, value]) => (UNSAID.has(name) ? [] : [short(value)]))
  return [type, ...said].join(' ')
}

function short(value: unknown): string {
  if (Array.isArray(value)) return value.map(short).join('+')
  if (typeof value !== 'object' || value === null) return String(value)
  return 'serial' in value ? String(value.serial) : Object.values(value).map(short).join('/')
}
