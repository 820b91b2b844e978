import type { Millis } from '../drivers/host/clock.ts'

/** Whoever walks away leaves nothing for the next to end. */
const FORGOTTEN: Millis = 30_000
const LONGEST = 40

/**
 * What is being typed at keypads: kept in memory only, never on the disk. `*` stands between booking and code, twice it
 * begins anew; `#` or Enter ends it.
 */
export function openPads(at: () => Millis) {
  const pads = new Map<string, { text: string; ended: boolean; last: Millis }>()

  return {
    press(device: string, key: string): void {
      const before = pads.get(device)
      const going = before && !before.ended && at() - before.last < FORGOTTEN ? before.text : ''
      const ended = key === '#' || key === 'enter'
      const text = ended ? going : typed(going, key)
      pads.set(device, { text: text.slice(0, LONGEST), ended, last: at() })
    },
    /** What was ended just now. */
    ended(device: string): string | undefined {
      const pad = pads.get(device)
      return pad?.ended && pad.text !== '' ? pad.text : undefined
    },
  }
}

function typed(text: string, key: string): string {
  if (key === '*') return text.includes('*') || text === '' ? '' : `${text}*`
  return /^[0-9A-D]$/.test(key) ? text + key : text
}
