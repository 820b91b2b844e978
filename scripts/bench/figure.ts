/** One measured number beside its floor or peer from the same run, and the goal it is held to. */
export interface Figure {
  value: number
  unit: string
  /** The peer or floor; null where there is none. */
  floor: number | null
  /** How many times the floor (or, for rates, how many times faster than the peer); null without one. */
  ratio: number | null
  goal: string
  met: boolean
}

/** Figures by name, as `--json` prints them. */
export type Figures = Record<string, Figure>

/** What a bench says while it works, and may touch. */
export interface Bench {
  name: string
  about: string
  measure(say: (line: string) => void): Promise<Figures>
}

export const round = (value: number, digits = 3): number => Number(value.toPrecision(digits))

export function figure(
  value: number,
  unit: string,
  floor: number | null,
  goal: string,
  met: boolean,
  ratio: number | null = floor === null ? null : value / floor,
): Figure {
  return {
    value: round(value, 4),
    unit,
    floor: floor === null ? null : round(floor, 4),
    ratio: ratio === null ? null : round(ratio),
    goal,
    met,
  }
}

/** The value below which a share of the samples lies. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
