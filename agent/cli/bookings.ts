import type { BookingView } from '../views-access.ts'
import type { Command } from './command.ts'
import { span, table } from './table.ts'

export const bookings: Command = {
  name: 'bookings',
  usage: '[BOOKING…]',
  about: 'what is booked here, who is expected next, how far the work is',
  details: ['Exit code 1 when a booking that was named is not here.'],
  words: [0, 10_000],
  examples: ['pawl bookings', 'pawl bookings K4711', 'pawl bookings --json'],
  async run(call) {
    const { bookings: all = [] } = await call.agent().ask({ ask: 'bookings' })
    const missing = call.words.find(word => !all.some(({ booking }) => booking === word))
    if (missing !== undefined) {
      call.say(`There is no booking ${missing} here.`)
      call.tell({ error: `there is no booking ${missing} here` })
      return 'no'
    }
    const shown = all.filter(({ booking }) => call.words.length === 0 || call.words.includes(booking))
    call.tell({ bookings: shown })
    if (shown.length === 0) call.say('Nothing is booked.')
    else for (const line of table(HEAD, shown.map(row))) call.say(line)
    return 'ok'
  },
}

const HEAD = ['booking', 'stage', 'door', 'next', 'until', 'vehicle', 'work']

const row = ({ booking, stage, compartment, by, until, overdue, visit, vehicle, service }: BookingView) => [
  booking,
  stage,
  compartment ?? '',
  by,
  overdue ? `OVERDUE since ${until}` : until,
  [vehicle, visit].filter(each => each !== undefined).join(' '),
  service === undefined
    ? ''
    : [
        service.status,
        ...(service.ready_at === undefined ? [] : [`ready ${service.ready_at}`]),
        `(said ${span(service.age_seconds)} ago)`,
      ].join(' '),
]
