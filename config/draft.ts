import { type Complain, nearest, type Path } from './problem.ts'

// What cross-checks look at: a file as it was written, which may be wrong in any way.

export type Draft = Record<string, unknown>

export const isDraft = (value: unknown): value is Draft =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The items of one list of a draft that are at least objects, each with its place. */
export function items(draft: unknown, list: string): { index: number; item: Draft }[] {
  const found = isDraft(draft) ? draft[list] : undefined
  if (!Array.isArray(found)) return []
  return found.flatMap((item: unknown, index) => (isDraft(item) ? [{ index, item }] : []))
}

export const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

export const lockOf = ({ device, channel }: Draft): string | undefined =>
  typeof device === 'string' && typeof channel === 'number' ? `channel ${channel} of ${device}` : undefined

/** As many as are looked through for one that was meant. */
const MOST_NAMES = 200

/** Complains of each item whose key an earlier one has; `where` is the setting of the item to point at. */
export function unique(
  draft: unknown,
  list: string,
  where: Path,
  key: (item: Draft) => string | undefined,
  twice: (key: string, path: Path) => void,
): void {
  const seen = new Set<string>()
  for (const { index, item } of items(draft, list)) {
    const mine = key(item)
    if (mine === undefined) continue
    if (seen.has(mine)) twice(mine, [list, index, ...where])
    seen.add(mine)
  }
}

export function refers(draft: unknown, from: string, field: string, to: string, complain: Complain): void {
  const names = new Set(items(draft, to).flatMap(({ item }) => text(item.name) ?? []))
  for (const { index, item } of items(draft, from)) {
    const name = text(item[field])
    if (name === undefined || names.has(name)) continue
    const meant = nearest(name, [...names].slice(0, MOST_NAMES))
    const remedy = meant === undefined ? `Describe it under ${to}` : `Did you mean "${meant}"?`
    complain([from, index, field], `there is no ${field} "${name}"`, remedy)
  }
}
