import type { CommandsConfig } from '../../config/roles.ts'
import type { Site } from '../../config/site.ts'
import type { Ask } from './ask.ts'

/** Somebody who says who they are, and whether the PIN that they gave is theirs. */
export interface Claimant {
  name: string
  right: boolean
}

/**
 * Why these people may not give that command; undefined where they may. It says nothing of whether a name or a PIN was wrong.
 */
export function whyNotPermitted(
  kind: Ask['kind'],
  people: readonly Claimant[],
  { staff, commands }: Pick<Site, 'staff'> & { commands: CommandsConfig },
): string | undefined {
  const needed = commands.two_person.some(each => each === kind) ? 2 : 1
  const names = new Set(people.map(({ name }) => name))
  if (people.length === 0) return 'say who you are with --as NAME, and give your PIN'
  if (people.some(({ right }) => !right)) return 'the name or the PIN is not right'
  const may = (name: string): boolean => {
    const roles = staff.find(each => each.name === name)?.roles ?? []
    return commands.roles.some(role => roles.includes(role.name) && role.may.some(each => each === kind))
  }
  const barred = [...names].find(name => !may(name))
  if (barred !== undefined) return `${barred} has no role that may do that`
  return names.size < needed ? 'that needs two of the staff: give --as twice' : undefined
}

/** What was asked, in the name of those who proved who they are. */
export const inTheNameOf = (ask: Ask, people: readonly Claimant[]): Ask =>
  'by' in ask
    ? {
        ...ask,
        by: people
          .map(({ name }) => name)
          .join(' and ')
          .slice(0, 64),
      }
    : ask
