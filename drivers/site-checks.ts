import { items } from '../config/cross-check.ts'
import { complainOf } from '../config/load.ts'
import { nearest, type SiteCheck } from '../config/problem.ts'
import { catalog, findDriver, type Listed } from './catalog.ts'

interface Sound {
  index: number
  name: unknown
  line: unknown
  driver: Listed
  options: unknown
}

/** What only the drivers know of a site: their options, their addresses, how many locks a board has. */
export const driverChecks: SiteCheck = (draft, complain) => {
  const sound = items(draft, 'devices').flatMap(({ index, item }): Sound[] => {
    const name = item.driver
    if (typeof name !== 'string') return []
    const driver = findDriver(name)
    if (!driver) {
      const names = catalog.map(each => each.name)
      const meant = nearest(name, names)
      complain(
        ['devices', index, 'driver'],
        `there is no driver "${name}"`,
        meant ? `Did you mean "${meant}"?` : `Choose ${names.join(', ')}`,
      )
      return []
    }
    const options = item.options ?? {}
    const parsed = driver.options.safeParse(options, { reportInput: true })
    for (const issue of parsed.error?.issues ?? []) complainOf(issue, complain, ['devices', index, 'options'])
    return parsed.success ? [{ index, name: item.name, line: item.line, driver, options }] : []
  })
  checkAddresses(sound, complain)
  checkChannels(draft, sound, complain)
}

function checkAddresses(sound: Sound[], complain: Parameters<SiteCheck>[1]): void {
  for (const [place, { index, line, driver, options }] of sound.entries()) {
    const others = sound.slice(0, place).filter(other => other.line === line)
    const address = driver.address(options)
    const alone = others.find(
      other => address === undefined || other.driver.address(other.options) === undefined,
    )
    if (alone)
      complain(
        ['devices', index, 'line'],
        `${String(line)} is shared with ${String(alone.name)}, and one of the two must be alone on its line`,
        'Give it a line of its own',
      )
    // Boards of different makes share an address only by mistake, too: their frames may be read by both.
    else if (others.some(other => other.driver.address(other.options) === address))
      complain(
        ['devices', index],
        `${String(line)} has two boards with ${address}`,
        'Set the switches of one of them to another address',
      )
  }
}

function checkChannels(draft: unknown, sound: Sound[], complain: Parameters<SiteCheck>[1]): void {
  for (const { index, item } of items(draft, 'compartments')) {
    const board = sound.find(({ name }) => name === item.device)
    const channel = item.channel
    if (!board || typeof channel !== 'number') continue
    const most = board.driver.channels(board.options)
    if (most === 0)
      complain(['compartments', index, 'device'], `${String(item.device)} has no locks`, 'Name a lock board')
    else if (channel > most)
      complain(
        ['compartments', index, 'channel'],
        `is ${channel}, but ${String(item.device)} has ${most} locks`,
        'Mend it, or the channels of the board',
      )
  }
}
