import { isDraft, items, text, unique } from './draft.ts'
import type { Complain, Path } from './problem.ts'

/** What no single setting of who may do what can get wrong: staff, keys, keypads. */
export function checkAccess(draft: unknown, complain: Complain): void {
  for (const field of ['name', 'badge'])
    unique(
      draft,
      'staff',
      [field],
      item => text(item[field]),
      (_, path) =>
        complain(path, 'is that of somebody else already', `Give each of the staff a ${field} of their own`),
    )
  checkRoles(draft, complain)
  if (!isDraft(draft) || !isDraft(draft.access)) return
  const { access } = draft
  keys(access.token_keys, ['access', 'token_keys'], complain)
  const devices = namesOf(draft, 'devices')
  if (isDraft(access.fire)) device(access.fire.device, ['access', 'fire', 'device'], devices, complain)
  for (const list of ['keypads', 'badge_readers', 'tag_readers']) {
    const names: unknown[] = Array.isArray(access[list]) ? access[list] : []
    for (const [index, name] of names.entries()) device(name, ['access', list, index], devices, complain)
  }
}

/** Roles that staff have and nobody described, and the other way round nothing: a role may wait for its people. */
function checkRoles(draft: unknown, complain: Complain): void {
  if (!isDraft(draft)) return
  const roles = namesOf(draft.commands, 'roles')
  unique(
    draft.commands,
    'roles',
    ['name'],
    ({ name }) => text(name),
    (_, path) =>
      complain(['commands', ...path], 'is that of another role already', 'Give each role its own name'),
  )
  for (const { index, item } of items(draft, 'staff')) {
    const own: unknown[] = Array.isArray(item.roles) ? item.roles : []
    for (const [at, role] of own.entries())
      if (typeof role === 'string' && !roles.includes(role))
        complain(
          ['staff', index, 'roles', at],
          `there is no role "${role}"`,
          'Describe it under commands.roles',
        )
  }
}

export const namesOf = (draft: unknown, list: string): string[] =>
  items(draft, list).flatMap(({ item }) => text(item.name) ?? [])

export function device(name: unknown, path: Path, devices: string[], complain: Complain): void {
  const said = text(name)
  if (said !== undefined && !devices.includes(said))
    complain(path, `there is no device "${said}"`, 'Describe it under devices')
}

/** Keys that sign: each has its own name and is there once. */
export function keys(list: unknown, at: Path, complain: Complain): void {
  for (const field of ['id', 'key'])
    for (const index of repeated(list, field))
      complain([...at, index, field], 'is there twice', 'Give each key its own id, and name it once')
}

function repeated(list: unknown, field: string): number[] {
  const seen = new Set<unknown>()
  const each = Array.isArray(list) ? list : []
  return each.flatMap((item: unknown, index) => {
    const value = isDraft(item) ? item[field] : undefined
    const twice = value !== undefined && seen.has(value)
    seen.add(value)
    return twice ? [index] : []
  })
}
