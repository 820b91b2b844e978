import type { CompartmentConfig, Site } from '../config/site.ts'
import type { Report } from '../drivers/device.ts'
import type { DoorReading } from './domain/door.ts'

/** What every sensor of a site said last, and nothing of what fell silent. */
export function openSensed(site: Site) {
  /** By device, then by channel: each report asks for its door more than once. */
  const channels = new Map<string, Map<number, CompartmentConfig>>()
  for (const each of site.compartments) {
    const own = channels.get(each.device) ?? new Map<number, CompartmentConfig>()
    channels.set(each.device, own.set(each.channel, each))
  }
  const doors = new Map<string, DoorReading>()
  /** By compartment, where one has a sensor for it. */
  const items = new Map<string, boolean>()
  const inputs = new Map<string, boolean>()
  const printers = new Map<string, boolean>()
  const climates = new Map<string, number>()
  const online = new Set<string>()

  function silence(device: string): void {
    online.delete(device)
    printers.delete(device)
    climates.delete(device)
    for (const { name } of channels.get(device)?.values() ?? []) {
      doors.set(name, 'unknown')
      items.delete(name)
    }
    for (const key of inputs.keys()) if (key.startsWith(`${device}\n`)) inputs.delete(key)
  }

  return {
    compartmentAt: (device: string, channel: number) => channels.get(device)?.get(channel),
    door: (compartment: string): DoorReading => doors.get(compartment) ?? 'unknown',
    /** Whether something lies in it; undefined while nobody can tell, and where it has no sensor for that. */
    item: (compartment: string): boolean | undefined => items.get(compartment),
    /** A contact; undefined while nobody can tell. */
    input: (device: string, name: string): boolean | undefined => inputs.get(`${device}\n${name}`),
    online: (device: string): boolean => online.has(device),
    printerReady: (device: string): boolean => printers.get(device) ?? false,
    /** In degrees Celsius; undefined while nobody can tell. */
    celsius: (device: string): number | undefined => climates.get(device),
    hear(device: string, report: Report): void {
      switch (report.type) {
        case 'online':
          online.add(device)
          return
        case 'offline':
          return silence(device)
        case 'door': {
          const door = channels.get(device)?.get(report.channel)
          if (door) doors.set(door.name, report.open ? 'open' : 'closed')
          return
        }
        case 'item': {
          const place = channels.get(device)?.get(report.channel)
          if (place) items.set(place.name, report.present)
          return
        }
        case 'input':
          inputs.set(`${device}\n${report.name}`, report.on)
          return
        case 'printer':
          printers.set(device, report.ready)
          return
        case 'climate':
          climates.set(device, report.celsius)
          return
        case 'scan':
        case 'dispense':
        case 'payment':
        case 'badge':
        case 'key':
        case 'moved':
          return
      }
    },
  }
}
