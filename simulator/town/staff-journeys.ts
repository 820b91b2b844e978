import { book, collects, deposits, is, type Journey, putsIn, showsCode, takesOut } from './people.ts'
import type { Town } from './town.ts'

/** Asks for something and waits until the unit did it. */
export async function done(town: Town, ask: Parameters<Town['operator']['instruct']>[0]): Promise<void> {
  const id = town.operator.instruct(ask)
  const { entry } = await town.operator.until(
    'the answer',
    is('instruction-ended', ended => ended.id === id),
  )
  if (entry.type !== 'instruction-ended' || entry.outcome !== 'done')
    throw new Error(`refused: ${JSON.stringify(entry)}`)
}

async function refused(town: Town, shown: string, booking: string, why: string): Promise<void> {
  town.scanner.scan(shown)
  await town.operator.until(
    `${booking} to be refused`,
    is('claim-refused', entry => entry.booking === booking && entry.why === why),
  )
}

export const twoThings: Journey = {
  name: 'two things under one code, which somebody else collects in the end',
  async walk(town, number, tell) {
    const booking = `TWO-${number}`
    const things = [`keys of car ${number}`, `wheel lock of car ${number}`] as const
    const { deposit, collect } = await book(town, booking, 'staff', 'S', false, { items: 2 })
    await deposits(town, booking, deposit, things[0], tell)
    await putsIn(town, `${booking}.2`, await showsCode(town, booking, deposit), things[1], tell)
    const until = Math.floor(town.clock.wall() + 3_600_000)
    await done(town, { kind: 'hand-over', booking, to: 'customer', code: '903412', until })
    town.scanner.scan(`${booking}:${collect}`)
    await town.operator.until(
      'the code from before to be refused',
      is('code-refused', entry => entry.booking === booking),
    )
    tell('handed over: the code from before opens nothing')
    await collects(town, booking, '903412', things[0], tell)
    await takesOut(town, `${booking}.2`, await showsCode(town, `${booking}`, '903412'), things[1], tell)
  },
}

export const exchange: Journey = {
  name: 'the own keys go out only once those of the loan car came back',
  async walk(town, number, tell) {
    const [loan, own] = [`LOAN-${number}`, `OWN-${number}`]
    const back = await book(town, loan, 'customer')
    const out = await book(town, own, 'staff', 'S', false, { after: loan })
    await deposits(town, own, out.deposit, `keys of car ${number}`, tell)
    await refused(town, `${own}:${out.collect}`, own, 'exchange-first')
    tell('nothing is handed out before the loan car is back')
    await deposits(town, loan, back.deposit, `keys of loan car ${number}`, tell)
    await collects(town, own, out.collect, `keys of car ${number}`, tell)
    await collects(town, loan, back.collect, `keys of loan car ${number}`, tell)
  },
}
