import { readdirSync, readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'

export interface FoundPort {
  /** The device itself, such as `/dev/ttyUSB0`; which one that is can change at each start. */
  path: string
  /** Names that stay: by the adapter's serial number first, then by the socket it is plugged into. */
  aliases: string[]
  /** What to write into a site file. */
  best: string
}

/**
 * The serial ports of this machine. Read from the file system, because the library's own list starts a program
 * that is not everywhere, and its absence ends the process.
 */
export function findPorts(dev = '/dev', sys = '/sys'): FoundPort[] {
  const aliases = ['by-id', 'by-path'].flatMap(kind => links(join(dev, 'serial', kind)))
  return names(dev)
    .filter(name => /^tty(USB|ACM|AMA|S)\d+$/.test(name) && isReal(name, sys))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map(name => {
      const path = join(dev, name)
      const known = aliases.filter(alias => alias.target === path).map(alias => alias.path)
      return { path, aliases: known, best: known[0] ?? path }
    })
}

function links(folder: string): { path: string; target: string }[] {
  return names(folder)
    .sort()
    .flatMap(name => {
      const path = join(folder, name)
      const target = attempt(() => realpathSync(path))
      return target === undefined ? [] : [{ path, target }]
    })
}

/** A PC names 32 ports of its chipset whether or not they exist; the kernel gives those that do not the type 0. */
function isReal(name: string, sys: string): boolean {
  if (!/^ttyS/.test(name)) return true
  const type = attempt(() => readFileSync(join(sys, 'class/tty', name, 'type'), 'utf8').trim())
  return type !== undefined && type !== '0'
}

const names = (folder: string): string[] => attempt(() => readdirSync(folder)) ?? []

/** What cannot be read is not there: ports come and go while we look. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
