import { complainOf } from '../config/complaint.ts'
import { isDraft, items } from '../config/draft.ts'
import { type Complain, nearest, type Path, type SiteCheck } from '../config/problem.ts'
import { catalog, findDriver } from './catalog.ts'
import type { Kind } from './device.ts'

/** A device of which the driver knows what to make. */
interface Sound {
  index: number
  name: unknown
  line: unknown
  address: string | undefined
  channels: number
  wire: 'bytes' | 'hid'
  kind: Kind
}

/** What only the drivers know of a site: their options, their addresses, how many locks a board has. */
export const driverChecks: SiteCheck = (draft, complain) => {
  const sound = items(draft, 'devices').flatMap(({ index, item }) => soundOf(index, item, complain))
  checkAddresses(sound, complain)
  checkWires(draft, sound, complain)
  checkChannels(draft, sound, complain)
  checkKiosk(draft, sound, complain)
}

function soundOf(index: number, item: Record<string, unknown>, complain: Complain): Sound[] {
  const { name, line, driver: named, options = {} } = item
  if (typeof named !== 'string') return []
  const driver = findDriver(named)
  if (!driver) {
    const names = catalog.map(each => each.name)
    const meant = nearest(named, names)
    const choose = `Choose: ${names.join(', ')}`
    complain(
      ['devices', index, 'driver'],
      `there is no driver "${named}"`,
      meant === undefined ? choose : `Did you mean "${meant}"? ${choose}`,
    )
    return []
  }
  const parsed = driver.options.safeParse(options, { reportInput: true })
  if (parsed.success)
    return [
      {
        index,
        name,
        line,
        address: driver.address(options),
        channels: driver.channels(options),
        wire: driver.wire,
        kind: driver.kind,
      },
    ]
  for (const issue of parsed.error.issues)
    complainOf(issue, driver.options, complain, ['devices', index, 'options'])
  return []
}

function checkAddresses(sound: Sound[], complain: Complain): void {
  for (const [line, all] of Map.groupBy(sound, device => device.line)) {
    const taken = new Map<string, Sound>()
    for (const device of all) {
      const { index, address } = device
      const [first, second] = all
      if (address === undefined) {
        const other = first === device ? second : first
        if (!other) continue
        const says = `${String(line)} has ${String(other.name)} on it, too, but this device must be alone on its line`
        complain(['devices', index, 'line'], says, 'Give it a line of its own')
        continue
      }
      // Boards of different makes share an address only by mistake, too: their frames may be read by both.
      const other = taken.get(address)
      if (other)
        complain(
          ['devices', index],
          `${String(line)} has two boards with ${address}: this one and ${String(other.name)}`,
          'Set the switches of one of them to another address, and say it here under options',
        )
      taken.set(address, device)
    }
  }
}

function checkWires(draft: unknown, sound: Sound[], complain: Complain): void {
  const lines = new Map(items(draft, 'lines').map(({ item }) => [item.name, item]))
  for (const { index, line, wire } of sound) {
    const item = lines.get(line)
    if (!item || (wire === 'hid') === (item.hid !== undefined)) continue
    const [says, remedy] =
      wire === 'hid'
        ? ['is a cable of bytes, but this device speaks USB HID', 'Give it a line with hid']
        : ['is a USB HID device, but this driver speaks in bytes', 'Give it a line with serial or tcp']
    complain(['devices', index, 'line'], `${String(line)} ${says}`, remedy)
  }
}

/** What each part of a kiosk must be for, and what to name instead. */
const PARTS: [part: string, kind: Kind, name: string][] = [
  ['patient_scanner', 'scanner', 'the scanner for patients'],
  ['check_scanner', 'scanner', 'the scanner at the tray'],
  ['keypad', 'reader', 'a keypad'],
  ['printer', 'printer', 'a label printer'],
  ['payment', 'payment', 'a payment terminal'],
]

const READERS = [
  ['keypads', 'a keypad'],
  ['badge_readers', 'a badge reader'],
] as const

function checkKiosk(draft: unknown, sound: Sound[], complain: Complain): void {
  const kinds = new Map(sound.map(({ name, kind }) => [name, kind]))
  const must = (name: unknown, kind: Kind, path: Path, instead: string): void => {
    const is = kinds.get(name)
    if (is !== undefined && is !== kind) complain(path, `${String(name)} is no ${kind}`, `Name ${instead}`)
  }
  for (const { index, item } of items(draft, 'lanes')) {
    const kind = kinds.get(item.device)
    if (kind !== undefined && kind !== 'dispenser')
      complain(['lanes', index, 'device'], `${String(item.device)} has no lanes`, 'Name a dispenser')
  }
  const access = isDraft(draft) && isDraft(draft.access) ? draft.access : {}
  for (const [list, instead] of READERS) {
    const names: unknown[] = Array.isArray(access[list]) ? access[list] : []
    for (const [index, name] of names.entries()) must(name, 'reader', ['access', list, index], instead)
  }
  const kiosk = isDraft(draft) ? draft.kiosk : undefined
  if (!isDraft(kiosk)) return
  must(kiosk.pack_scanner, 'scanner', ['kiosk', 'pack_scanner'], 'the scanner for packs')
  must(kiosk.badge_reader, 'reader', ['kiosk', 'badge_reader'], 'a badge reader')
  const climate: unknown[] = Array.isArray(kiosk.climate) ? kiosk.climate : []
  for (const [index, name] of climate.entries())
    must(name, 'sensor', ['kiosk', 'climate', index], 'a climate sensor')
  const { dispense } = kiosk
  if (!isDraft(dispense)) return
  for (const [part, kind, instead] of PARTS) must(dispense[part], kind, ['kiosk', 'dispense', part], instead)
}

function checkChannels(draft: unknown, sound: Sound[], complain: Complain): void {
  const boards = new Map(sound.map(board => [board.name, board]))
  for (const { index, item } of items(draft, 'compartments')) {
    const { device, channel } = item
    const most = boards.get(device)?.channels
    if (most === undefined || typeof channel !== 'number') continue
    if (most === 0)
      complain(['compartments', index, 'device'], `${String(device)} has no locks`, 'Name a lock board')
    else if (channel > most)
      complain(
        ['compartments', index, 'channel'],
        `is ${channel}, but ${String(device)} has ${most} locks`,
        'Mend it, or the channels of the board',
      )
  }
}
