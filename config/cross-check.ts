import { nearest, type SiteCheck } from './problem.ts'

type Draft = Record<string, unknown>

const isDraft = (value: unknown): value is Draft =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The items of one list of a draft that are at least objects, each with its place. */
export function items(draft: unknown, list: string): { index: number; item: Draft }[] {
  const found = isDraft(draft) ? draft[list] : undefined
  if (!Array.isArray(found)) return []
  return found.flatMap((item: unknown, index) => (isDraft(item) ? [{ index, item }] : []))
}

/** What no single setting can get wrong: names that are used twice or nowhere, two things in one place. */
export const crossCheck: SiteCheck = (draft, complain) => {
  for (const list of ['lines', 'devices', 'compartments'])
    unique(
      items(draft, list),
      list,
      ({ name }) => (typeof name === 'string' ? name : undefined),
      (name, first) =>
        complain([...first], `the name "${name}" is taken by an earlier one`, 'Give each its own name'),
    )

  for (const { index, item } of items(draft, 'lines')) {
    const said = ['serial', 'tcp'].filter(kind => item[kind] !== undefined)
    if (said.length !== 1)
      complain(
        ['lines', index],
        said.length === 0 ? 'says neither serial nor tcp' : 'says both serial and tcp',
        'Give it one of the two',
      )
  }
  unique(items(draft, 'lines'), 'lines', portOf, (port, path) =>
    complain(path, `${port} is another line's already`, 'Put all devices of one cable on one line'),
  )

  refers(draft, 'devices', 'line', 'lines', complain)
  refers(draft, 'compartments', 'device', 'devices', complain)
  unique(
    items(draft, 'compartments'),
    'compartments',
    ({ device, channel }) =>
      typeof device === 'string' && typeof channel === 'number'
        ? `channel ${channel} of ${device}`
        : undefined,
    (place, path) =>
      complain(
        [...path, 'channel'],
        `${place} is another compartment's already`,
        'Give each compartment its own lock',
      ),
  )
  const cloud = isDraft(draft) ? draft.cloud : undefined
  if (isDraft(cloud) && cloud.username !== undefined && cloud.password_file === undefined)
    complain(['cloud', 'username'], 'has no password_file', 'Name a file that holds the password')
}

function portOf({ serial, tcp }: Draft): string | undefined {
  if (isDraft(serial) && typeof serial.path === 'string') return serial.path
  if (isDraft(tcp) && typeof tcp.host === 'string') return `${tcp.host}:${String(tcp.port)}`
  return undefined
}

function unique(
  all: { index: number; item: Draft }[],
  list: string,
  key: (item: Draft) => string | undefined,
  twice: (key: string, path: (string | number)[]) => void,
): void {
  const seen = new Set<string>()
  for (const { index, item } of all) {
    const mine = key(item)
    if (mine === undefined) continue
    if (seen.has(mine)) twice(mine, [list, index])
    seen.add(mine)
  }
}

function refers(
  draft: unknown,
  from: string,
  field: string,
  to: string,
  complain: Parameters<SiteCheck>[1],
): void {
  const names = items(draft, to).flatMap(({ item }) => (typeof item.name === 'string' ? [item.name] : []))
  for (const { index, item } of items(draft, from)) {
    const name = item[field]
    if (typeof name !== 'string' || names.includes(name)) continue
    const meant = nearest(name, names)
    complain(
      [from, index, field],
      `there is no ${field} "${name}"`,
      meant ? `Did you mean "${meant}"?` : `Describe it under ${to}`,
    )
  }
}
