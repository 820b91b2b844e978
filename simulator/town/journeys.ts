import { mishaps } from './mishaps.ts'
import { book, collects, deposits, type Journey } from './people.ts'

const keysThere: Journey = {
  name: 'a customer drops keys, staff collect them',
  async walk(town, number, tell) {
    const booking = `DROP-${number}`
    const codes = await book(town, booking, 'customer')
    await deposits(town, booking, codes.deposit, `keys of car ${number}`, tell)
    await collects(town, booking, codes.collect, `keys of car ${number}`, tell)
  },
}

const keysBack: Journey = {
  name: 'staff return the keys, the customer picks them up at low reach',
  async walk(town, number, tell) {
    const booking = `BACK-${number}`
    const codes = await book(town, booking, 'staff', 'M', true)
    await deposits(town, booking, codes.deposit, `keys of car ${number}`, tell)
    await collects(town, booking, codes.collect, `keys of car ${number}`, tell)
  },
}

/** Every workflow once, and every fault a person can cause. */
export const journeys: Journey[] = [keysThere, keysBack, ...mishaps]
