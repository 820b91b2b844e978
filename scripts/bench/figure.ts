/** One measured number beside its floor or peer from the same run, and the goal it is held to. */
export interface Figure {
  value: number
  unit: string
  /** The peer or floor, in the same unit; null where there is none. */
  floor: number | null
  /** Always value / floor: above 1 a cost is higher than the floor's, and a rate is faster. Null without a floor. */
  ratio: number | null
  /** For people; `shown` where nothing is promised. */
  goal: string
  met: boolean
}

/** Figures by name, as `--json` prints them. */
export type Figures = Record<string, Figure>

export interface Asked {
  /** How many rows wait in the backlog. */
  rows: number
}

export interface Bench {
  name: string
  about: string
  /** The names of what it measures: any of them, or how it begins, runs this bench. */
  figures: string[]
  /** `say` tells what cannot be read from a figure: how many samples, how they lay. */
  measure(say: (line: string) => void, asked: Asked): Promise<Figures>
}

export const round = (value: number, digits = 3): number => Number(value.toPrecision(digits))

export function figure(
  value: number,
  unit: string,
  floor: number | null,
  goal: string,
  met: boolean,
): Figure {
  return {
    value: round(value, 4),
    unit,
    floor: floor === null ? null : round(floor, 4),
    ratio: floor === null ? null : round(value / floor),
    goal,
    met,
  }
}

/** The value below which a share of the samples lies. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** What was measured for one number, and how it lay: `0.42 ms, p99 1.31 ms`. */
export const lay = (samples: readonly number[], unit: string): string =>
  `p50 ${round(percentile(samples, 0.5))} ${unit}, p99 ${round(percentile(samples, 0.99))} ${unit}`
