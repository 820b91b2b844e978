/** How wide a terminal may be taken to be. */
export const WIDTH = 80

/** Nothing that a terminal would obey: control characters become `·`. */
export const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '·')

/** `text` in at most `most` columns; what is cut off is shown as `…`. */
export const cut = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, Math.max(0, most - 1))}…`

/** Columns for people, at most 80 wide: the widest one gives way first. Columns that are empty throughout are left out. */
export function table(head: string[], rows: string[][]): string[] {
  const kept = head.map((_name, index) => index).filter(index => rows.some(row => (row[index] ?? '') !== ''))
  const cells = [head, ...rows].map(row => kept.map(index => plain(row[index] ?? '')))
  const widths = kept.map((_at, index) => Math.max(...cells.map(row => row[index]?.length ?? 0)))
  const room = WIDTH - 2 * (widths.length - 1)
  while (widths.reduce((sum, width) => sum + width, 0) > room) {
    const widest = widths.indexOf(Math.max(...widths))
    widths[widest] = (widths[widest] ?? 1) - 1
  }
  return cells.map(row =>
    row
      .map((text, index) => cut(text, widths[index] ?? 0).padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

/** Lines of at most 80 columns, broken between words; what follows the first is indented by `indent`. */
export function wrap(text: string, indent = 0): string[] {
  const lines: string[] = []
  const lead = /^ */.exec(text)?.[0] ?? ''
  let line = ''
  for (const word of plain(text).slice(lead.length).split(' ')) {
    const longer = line === '' ? `${lead}${word}` : `${line} ${word}`
    if (longer.length <= WIDTH || line === '') {
      line = longer
      continue
    }
    lines.push(line)
    line = `${' '.repeat(indent)}${word}`
  }
  return [...lines, line]
}

/** A span in words of two units at most: `3 d 4 h`, `12 s`. */
export function span(seconds: number): string {
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [Math.floor(seconds) % 60, 's'],
  ]
  const first = parts.findIndex(([count]) => count > 0)
  if (first < 0) return '0 s'
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ')
}
