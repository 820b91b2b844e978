import type { Figure } from './figure.ts'

const WIDTH = 80
/** Name, value with its unit, floor, ratio; the goal takes what is left. */
const COLUMNS = [18, 18, 10, 8]

const cells = (mark: string, words: string[]): string =>
  `${mark} ${words.map((word, index) => word.padEnd(COLUMNS[index] ?? 0)).join('')}`.trimEnd()

export const heading = (): string => cells(' ', ['figure', 'value', 'floor', 'ratio', 'goal'])

/** One figure as a line of the table; `!` marks a goal that was missed. */
export const line = (name: string, { value, unit, floor, ratio, goal, met }: Figure): string =>
  cells(met ? ' ' : '!', [
    name,
    `${value} ${unit}`,
    floor === null ? '–' : `${floor}`,
    ratio === null ? '–' : `× ${ratio}`,
    goal,
  ])

/** Breaks a sentence so that it fits the table, each line indented. */
export function wrap(text: string, indent = '  '): string {
  const lines: string[] = []
  let current = indent
  for (const word of text.split(' ')) {
    const longer = current === indent ? indent + word : `${current} ${word}`
    if (longer.length > WIDTH && current !== indent) {
      lines.push(current)
      current = indent + word
    } else current = longer
  }
  return [...lines, current].join('\n')
}
