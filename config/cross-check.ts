import { type Complain, nearest, type Path, type SiteCheck } from './problem.ts'

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
  for (const list of ['lines', 'devices', 'compartments', 'lanes'])
    unique(
      draft,
      list,
      ['name'],
      ({ name }) => text(name),
      (name, path) =>
        complain(path, `the name "${name}" is taken by an earlier one`, 'Give each its own name'),
    )
  checkLines(draft, complain)
  refers(draft, 'devices', 'line', 'lines', complain)
  refers(draft, 'compartments', 'device', 'devices', complain)
  unique(draft, 'compartments', ['channel'], lockOf, (lock, path) =>
    complain(path, `${lock} is another compartment's already`, 'Give each compartment its own lock'),
  )
  checkKiosk(draft, complain)
  if (!isDraft(draft)) return
  if (isDraft(draft.cloud)) checkCloud(draft.cloud, complain)
  if (isDraft(draft.policy)) checkPolicy(draft.policy, complain)
}

function checkKiosk(draft: unknown, complain: Complain): void {
  refers(draft, 'lanes', 'device', 'devices', complain)
  unique(draft, 'lanes', ['channel'], lockOf, (lane, path) =>
    complain(path, `${lane} is another lane's already`, 'Give each lane its own channel'),
  )
  unique(
    draft,
    'products',
    ['gtin'],
    ({ gtin }) => text(gtin),
    (gtin, path) => complain(path, `${gtin} is in the formulary already`, 'Keep one of the two'),
  )
  const formulary = new Set(items(draft, 'products').flatMap(({ item }) => text(item.gtin) ?? []))
  for (const { index, item } of items(draft, 'lanes')) {
    const product = text(item.product)
    if (product !== undefined && !formulary.has(product))
      complain(
        ['lanes', index, 'product'],
        `${product} is not in the formulary`,
        'Describe it under products',
      )
  }
  if (!isDraft(draft) || !isDraft(draft.kiosk)) return
  const scanner = text(draft.kiosk.pack_scanner)
  const names = items(draft, 'devices').flatMap(({ item }) => text(item.name) ?? [])
  if (scanner !== undefined && !names.includes(scanner))
    complain(['kiosk', 'pack_scanner'], `there is no device "${scanner}"`, 'Describe it under devices')
}

function checkLines(draft: unknown, complain: Complain): void {
  for (const { index, item } of items(draft, 'lines')) {
    const said = ['serial', 'tcp', 'hid'].filter(kind => item[kind] !== undefined)
    if (said.length === 1) continue
    const says = said.length === 0 ? 'says neither serial nor tcp nor hid' : `says both ${said.join(' and ')}`
    complain(['lines', index], says, 'Give it one of them')
  }
  const remedy = 'Put all devices of one cable on one line'
  unique(
    draft,
    'lines',
    ['serial', 'path'],
    ({ serial }) => (isDraft(serial) ? text(serial.path) : undefined),
    (port, path) => complain(path, `${port} is another line's already`, remedy),
  )
  unique(draft, 'lines', ['tcp'], converterOf, (converter, path) =>
    complain(path, `${converter} is another line's already`, remedy),
  )
}

function checkCloud(cloud: Draft, complain: Complain): void {
  const needs = (setting: string, other: string, remedy: string) => {
    if (cloud[setting] !== undefined && cloud[other] === undefined)
      complain(['cloud', setting], `is of no use without ${other}`, remedy)
  }
  needs('username', 'password_file', 'Name a file that holds the password')
  needs('password_file', 'username', 'Say the name that goes with the password')
  needs('cert_file', 'key_file', 'Name the file with its private key')
  needs('key_file', 'cert_file', 'Name the file with its certificate')
  const broker = text(cloud.broker)
  if (broker === undefined) return
  if (/^(mqtt|ws):/.test(broker))
    for (const setting of ['ca_file', 'cert_file', 'key_file'])
      if (cloud[setting] !== undefined)
        complain(['cloud', setting], `is of no use to ${broker}`, 'Begin the broker with mqtts:// or wss://')
  if (/^\w+:\/\/[^/]*@/.test(broker))
    complain(['cloud', 'broker'], 'holds a name or a password', 'Put them into username and password_file')
}

function checkPolicy(
  { order_seconds: order = 1.5, unlock_seconds: unlock = 3 }: Draft,
  complain: Complain,
): void {
  if (typeof order === 'number' && typeof unlock === 'number' && order > unlock)
    complain(
      ['policy', 'order_seconds'],
      `is ${order}, longer than unlock_seconds (${unlock}): a second unlock would be sent beside the first`,
      'Make it the shorter of the two',
    )
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

const lockOf = ({ device, channel }: Draft): string | undefined =>
  typeof device === 'string' && typeof channel === 'number' ? `channel ${channel} of ${device}` : undefined

const converterOf = ({ tcp }: Draft): string | undefined =>
  isDraft(tcp) && typeof tcp.host === 'string' && typeof tcp.port === 'number'
    ? `${tcp.host.toLowerCase()}:${tcp.port}`
    : undefined

/** Complains of each item whose key an earlier one has; `where` is the setting of the item to point at. */
function unique(
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

function refers(draft: unknown, from: string, field: string, to: string, complain: Complain): void {
  const names = new Set(items(draft, to).flatMap(({ item }) => text(item.name) ?? []))
  for (const { index, item } of items(draft, from)) {
    const name = text(item[field])
    if (name === undefined || names.has(name)) continue
    const meant = nearest(name, [...names].slice(0, MOST_NAMES))
    const remedy = meant === undefined ? `Describe it under ${to}` : `Did you mean "${meant}"?`
    complain([from, index, field], `there is no ${field} "${name}"`, remedy)
  }
}

/** As many as are looked through for one that was meant. */
const MOST_NAMES = 200
