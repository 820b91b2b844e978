/** What was just done to a kiosk, as far as it matters for what may follow. */
export type Cause =
  | { type: 'show'; token: string }
  | { type: 'digits' | 'identified' | 'joined' | 'consulted'; prescription: string }
  | {
      type:
        | 'approved'
        | 'took'
        | 'seen'
        | 'found'
        | 'resolve'
        | 'desk'
        | 'cloud'
        | 'time'
        | 'restart'
        | 'other'
    }

/** What a policy and a physician ask for. */
export interface Terms {
  factor: boolean
  consult: boolean
  /** Packs of each product, and what is due, by prescription. */
  prescribed: Map<string, { packs: Map<string, number>; due: number }>
}
