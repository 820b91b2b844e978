import type { Database } from 'better-sqlite3'
import type { Booking } from '../domain/booking.ts'

/** Every booking that has not ended, its codes sealed. */
export function bookings(db: Database) {
  const upsert = db.prepare<[string, string]>(
    'insert into bookings (id, booking) values (?, ?) on conflict (id) do update set booking = excluded.booking',
  )
  const remove = db.prepare<[string]>('delete from bookings where id = ?')
  const select = db.prepare<[], string>('select booking from bookings order by id').pluck()
  return {
    save: (booking: Booking) => void upsert.run(booking.id, JSON.stringify(booking)),
    remove: (id: string) => void remove.run(id),
    // One text at a time: thousands of them at once would be held twice.
    all: (): Booking[] => Array.from(select.iterate(), text => JSON.parse(text) as Booking),
  }
}
