import { mishaps } from './mishaps.ts'
import { book, collects, deposits, is, type Journey, putsIn, shows, takesOut } from './people.ts'
import { exchange, twoThings } from './staff-journeys.ts'

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

const byPhone: Journey = {
  name: 'a customer comes and goes with the token on a phone, which opens nothing twice',
  async walk(town, number, tell) {
    const booking = `PHONE-${number}`
    const keys = `keys of car ${number}`
    await book(town, booking, 'customer')
    const token = town.token(booking, 'deposit')
    await putsIn(town, booking, await shows(town, booking, token), keys, tell)
    const open = town.steel.doors.filter(door => door.open).length
    town.scanner.scan(token)
    await town.operator.until(
      'the used token to be refused',
      is('token-refused', entry => entry.booking === booking && entry.why === 'used'),
    )
    if (town.steel.doors.filter(door => door.open).length > open)
      throw new Error('a used token opened a door')
    tell('the same token once more: refused')
    await takesOut(town, booking, await shows(town, booking, town.token(booking, 'collect')), keys, tell)
  },
}

/** Every workflow once, and every fault a person can cause. */
export const journeys: Journey[] = [keysThere, keysBack, byPhone, twoThings, exchange, ...mishaps]
