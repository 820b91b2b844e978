import type { ClearAsk } from '../../agent/domain/ask.ts'
import type { Entry, Row } from '../../agent/domain/journal.ts'
import { topicsOf } from '../../agent/sync/messages.ts'
import type { Clock, Millis } from '../../drivers/host/clock.ts'
import type { Broker } from './broker.ts'
import { ledger } from './ledger.ts'

/** The stand-in for an operator's cloud: confirms what it has, gives instructions, tells whoever asks what it learned. */
export async function openOperator(broker: Broker, unit: string, clock: Clock) {
  const topics = topicsOf('pawl/v1', unit)
  const book = ledger()
  const hearers = new Set<(row: Row) => void>()
  let given = 0

  const confirm = ({ epoch, seq }: { epoch: string; seq: number }) =>
    broker.say(topics.confirm, { v: 1, epoch, seq })
  const read = (payload: Buffer) => JSON.parse(payload.toString('utf8'))
  await broker.hear(topics.birth, payload => confirm(book.birth(read(payload))))
  await broker.hear(topics.death, payload => book.death(read(payload)))
  await broker.hear(topics.journal, payload => {
    const before = book.rows.length
    confirm(book.journal(read(payload)))
    for (const row of book.rows.slice(before)) for (const hearer of [...hearers]) hearer(row)
  })

  return {
    book,
    follow(hearer: (row: Row) => void): () => void {
      hearers.add(hearer)
      return () => void hearers.delete(hearer)
    },
    /** Tells the unit to do something; returns the id under which the journal will answer. */
    instruct(ask: ClearAsk, within: Millis = 60_000): string {
      const id = `i${++given}-${Math.floor(clock.wall())}`
      broker.say(topics.instruction, { v: 1, id, expires: Math.floor(clock.wall() + within), ask })
      return id
    },
    /** Resolves with the first row that fits, now or later; rejects when none comes in time. */
    until(what: string, fits: (entry: Entry) => boolean, within: Millis = 20_000): Promise<Row> {
      return new Promise((resolve, reject) => {
        const found = book.rows.find(({ entry }) => fits(entry))
        if (found) return resolve(found)
        const cancel = clock.after(within, () => {
          stop()
          reject(new Error(`the cloud waited ${within / 1_000} s in vain for ${what}`))
        })
        const hear = (row: Row): void => {
          if (!fits(row.entry)) return
          cancel()
          stop()
          resolve(row)
        }
        const stop = () => void hearers.delete(hear)
        hearers.add(hear)
      })
    },
  }
}

export type Operator = Awaited<ReturnType<typeof openOperator>>
