import type { Millis } from '../../drivers/host/clock.ts'

//   down ──up──▶ sending: rows leave in order, up to a window beyond what is confirmed; silence sends them again

/** How far the journal went up and came back confirmed. Sending twice is safe: the cloud counts by sequence. */
export interface Upload {
  link: 'down' | 'up'
  confirmed: number
  sent: number
  /** When to send again what nobody confirmed. */
  resendAt: Millis
  patience: Millis
}

export type UploadEvent =
  | { type: 'up'; at: Millis }
  | { type: 'down' }
  /** `last` rows were handed to the road. */
  | { type: 'sent'; last: number; at: Millis }
  | { type: 'confirmed'; seq: number; at: Millis }
  | { type: 'overdue'; at: Millis }

/** Rows in flight at most: bounded memory here and at the broker. */
export const WINDOW = 1_600
const PATIENCE: Millis = 5_000
const MOST_PATIENCE: Millis = 60_000

export const freshUpload = (confirmed: number): Upload => ({
  link: 'down',
  confirmed,
  sent: confirmed,
  resendAt: 0,
  patience: PATIENCE,
})

export function stepUpload(state: Upload, event: UploadEvent): Upload {
  switch (event.type) {
    case 'up':
      return {
        ...state,
        link: 'up',
        sent: state.confirmed,
        resendAt: event.at + PATIENCE,
        patience: PATIENCE,
      }
    case 'down':
      return { ...state, link: 'down', sent: state.confirmed }
    case 'sent':
      // The clock runs from the first row that waits, not from each new one, or a busy unit would never send again.
      return {
        ...state,
        sent: event.last,
        resendAt: state.sent === state.confirmed ? event.at + state.patience : state.resendAt,
      }
    case 'confirmed': {
      // Older is a repeat; beyond what was sent is somebody's mistake, and believing it would lose rows.
      if (event.seq <= state.confirmed || event.seq > state.sent) return state
      return { ...state, confirmed: event.seq, resendAt: event.at + PATIENCE, patience: PATIENCE }
    }
    case 'overdue': {
      const patience = Math.min(state.patience * 2, MOST_PATIENCE)
      return { ...state, sent: state.confirmed, patience, resendAt: event.at + patience }
    }
  }
}

/** The next rows that may be sent: after `after`, at most so many. */
export const allowed = ({ link, confirmed, sent }: Upload): { after: number; limit: number } | undefined =>
  link === 'up' && sent - confirmed < WINDOW ? { after: sent, limit: WINDOW - (sent - confirmed) } : undefined

export const uploadDeadline = ({ link, confirmed, sent, resendAt }: Upload): Millis | undefined =>
  link === 'up' && sent > confirmed ? resendAt : undefined
