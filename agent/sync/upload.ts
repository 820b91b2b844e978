import type { Millis } from '../../drivers/host/clock.ts'

//   down ──up──▶ rows leave in order, up to a window beyond what is confirmed
//                 confirmed: the window moves on and opens
//                 overdue:   back to what is confirmed, one row at a time, ever more patiently

/** How far the journal went up and came back confirmed. Sending twice is safe: the cloud counts by sequence. */
export interface Upload {
  link: 'down' | 'up'
  confirmed: number
  sent: number
  /** The furthest that was ever sent. What the cloud confirms beyond it proves no more than this. */
  reached: number
  /** Rows that may be in flight. Opens as the cloud confirms; a silent cloud gets one row at a time. */
  window: number
  /** The cloud's last word, while that is less than it had confirmed before. */
  fellBackTo: number | undefined
  /** When to send again what nobody confirmed. */
  resendAt: Millis
  patience: Millis
}

export type UploadEvent =
  | { type: 'up'; at: Millis }
  | { type: 'down' }
  /** The rows up to `last` were handed to the road. */
  | { type: 'sent'; last: number; at: Millis }
  | { type: 'confirmed'; seq: number; at: Millis }
  | { type: 'overdue'; at: Millis }

/** Rows in flight at most: bounded memory here and at the broker. */
export const WINDOW = 1_600
const FIRST_WINDOW = 100
const PATIENCE: Millis = 5_000
const MOST_PATIENCE: Millis = 60_000

export const freshUpload = (confirmed: number): Upload => ({
  link: 'down',
  confirmed,
  sent: confirmed,
  reached: confirmed,
  window: FIRST_WINDOW,
  fellBackTo: undefined,
  resendAt: 0,
  patience: PATIENCE,
})

export function stepUpload(state: Upload, event: UploadEvent): Upload {
  switch (event.type) {
    case 'up':
    case 'down': {
      const { confirmed, reached } = state
      return { ...freshUpload(confirmed), link: event.type, reached }
    }
    case 'sent': {
      // The clock runs from the first row that waits, not from each new one, or a busy unit would never send again.
      const resendAt = waiting(state) ? state.resendAt : event.at + state.patience
      return { ...state, sent: event.last, reached: Math.max(state.reached, event.last), resendAt }
    }
    case 'confirmed':
      return confirmed(state, event.seq, event.at)
    case 'overdue':
      return sendAgain(state, event.at)
  }
}

/** The next rows that may be sent: after `after`, at most so many. */
export const allowed = ({
  link,
  confirmed,
  sent,
  window,
}: Upload): { after: number; limit: number } | undefined =>
  link === 'up' && sent - confirmed < window ? { after: sent, limit: window - (sent - confirmed) } : undefined

export const uploadDeadline = (state: Upload): Millis | undefined =>
  state.link === 'up' && waiting(state) ? state.resendAt : undefined

const waiting = ({ sent, confirmed, fellBackTo }: Upload): boolean =>
  sent > confirmed || fellBackTo !== undefined

function confirmed(state: Upload, said: number, at: Millis): Upload {
  if (state.link === 'down') return state
  const seq = Math.min(said, state.reached)
  // Perhaps an old word that came late, perhaps a cloud that lost rows: its silence afterwards will tell which.
  if (seq < state.confirmed)
    return { ...state, fellBackTo: seq, resendAt: waiting(state) ? state.resendAt : at + state.patience }
  if (seq === state.confirmed) return { ...state, fellBackTo: undefined }
  return {
    ...state,
    confirmed: seq,
    sent: Math.max(state.sent, seq),
    window: Math.min(state.window * 2, WINDOW),
    fellBackTo: undefined,
    resendAt: at + PATIENCE,
    patience: PATIENCE,
  }
}

function sendAgain(state: Upload, at: Millis): Upload {
  const from = state.fellBackTo ?? state.confirmed
  const patience = Math.min(state.patience * 2, MOST_PATIENCE)
  return {
    ...state,
    confirmed: from,
    sent: from,
    window: 1,
    fellBackTo: undefined,
    patience,
    resendAt: at + patience,
  }
}
