/** One thing wrong with a file a person wrote. */
export interface Problem {
  /** Such as `compartments[3].channel`. */
  path: string
  /** From 1. */
  line: number
  says: string
  remedy: string
}

export type Path = (string | number)[]
export type Complain = (path: Path, says: string, remedy: string) => void
/** A check on what is there of a site, which need not be a valid one: it must look before it reads. */
export type SiteCheck = (draft: unknown, complain: Complain) => void

/** One problem in one line, the way compilers say it, so that editors can jump there. */
export const explain = (file: string, { path, line, says, remedy }: Problem): string =>
  `${file}:${line}: ${path === '' ? '' : `${path}: `}${sentence(says)} ${sentence(remedy)}`

const sentence = (text: string): string => (/[.?!]$/.test(text) ? text : `${text}.`)

/** The name that was probably meant, or undefined when none is near. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const limit = Math.max(2, Math.floor(name.length / 3))
  const near = names
    .filter(other => name.length < LONGEST_NAME && Math.abs(other.length - name.length) <= limit)
    .map(other => ({ other, far: distance(name.toLowerCase(), other.toLowerCase()) }))
  const [best] = near.sort((a, b) => a.far - b.far)
  return best && best.far <= limit ? best.other : undefined
}

const LONGEST_NAME = 64

/** How many letters must change: Levenshtein's distance. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...to].entries())
      next.push(
        Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)),
      )
    row = next
  }
  return row[to.length] ?? 0
}
