import type { Command } from './command.ts'
import { Stop } from './exit.ts'
import { order, reasonOf } from './order.ts'
import { table } from './table.ts'

const FOUND = ['in-lane', 'removed', 'handed-over'] as const

export const resolve: Command = {
  name: 'resolve',
  usage: 'FOUND [--except SERIAL=FOUND,…] --reason TEXT',
  about: 'says what was found where a dispensing is held',
  details: [
    'FOUND is in-lane: the pack lies in its lane as before. removed: it was put into the return bin. handed-over: the patient has it.',
    'The tray must be empty and the delivery door closed.',
  ],
  options: { reason: { type: 'string' }, except: { type: 'string' } },
  optionHelp: {
    except: 'packs of which something else is true, with commas: S1=handed-over',
    reason: 'what was seen, in a few words; required',
  },
  words: [1, 1],
  examples: ['pawl resolve removed --reason "pack hung in lane L1, put into the bin"'],
  run(call) {
    const found = FOUND.find(each => each === call.words[0])
    if (!found) throw new Stop('usage', `Say what was found: ${FOUND.join(', ')}.`)
    const except = exceptions(call.text('except'))
    return order(
      call,
      { kind: 'resolve', found, except, reason: reasonOf(call), by: call.user },
      'Settled: the kiosk goes on.',
    )
  },
}

function exceptions(text: string | undefined): { serial: string; found: (typeof FOUND)[number] }[] {
  return (text?.split(',') ?? []).map(each => {
    const [, serial = '', said] = /^(.+)=([a-z-]+)$/.exec(each) ?? []
    const found = FOUND.find(one => one === said)
    if (!found) throw new Stop('usage', `"${each}" is no exception: write SERIAL=${FOUND.join('|')}.`)
    return { serial, found }
  })
}

export const count: Command = {
  name: 'count',
  usage: 'LANE PACKS [--reason TEXT]',
  about: 'counts a lane blind: what should be there is not told before',
  details: ['A count that does not tally sets the lane aside until one does; then a reason is asked for.'],
  options: { reason: { type: 'string' } },
  optionHelp: { reason: 'why it does not tally, once that was asked for' },
  words: [2, 2],
  examples: ['pawl count L1 7'],
  run(call) {
    const [lane = '', packs = ''] = call.words
    if (!/^\d{1,2}$|^100$/.test(packs)) throw new Stop('usage', `"${packs}" is no count: 0 to 100.`)
    const reason = call.text('reason') === undefined ? {} : { reason: reasonOf(call) }
    const what = { kind: 'count', lane, counted: Number(packs), ...reason, by: call.user } as const
    return order(call, what, `Lane ${lane} is counted.`)
  },
}

export const owed: Command = {
  name: 'owed',
  usage: '',
  about: 'the downtime list: what the kiosk owes, and whether it serves',
  details: [
    'For handing over when the kiosk is down: each must then be filled elsewhere, and withdrawn here.',
  ],
  words: [0, 0],
  examples: ['pawl owed', 'pawl owed --json'],
  async run(call) {
    const { owed: found } = await call.agent().ask({ ask: 'owed' })
    if (!found) throw new Stop('refused', 'This unit does not dispense.')
    call.tell(found)
    call.say(found.out_of_service === undefined ? 'In service.' : `OUT OF SERVICE: ${found.out_of_service}.`)
    if (found.held !== undefined) call.say(`HELD: ${found.held}. Look, then \`pawl resolve\`.`)
    const rows = found.prescriptions.map(({ prescription, stage, items, until }) => [
      prescription,
      stage,
      items.map(({ product, packs }) => `${packs} × ${product}`).join(', '),
      until,
    ])
    if (rows.length === 0) call.say('Nothing is owed.')
    else for (const line of table(['prescription', 'stage', 'owed', 'until'], rows)) call.say(line)
    return 'ok'
  },
}
