/** What a door's own sensor says now; `unknown` where it says nothing fresh. */
export type DoorReading = 'open' | 'closed' | 'unknown'
