import type { Answer, Ask } from '../domain/ask.ts'
import { tellEntry } from '../domain/tell.ts'
import type { Call, Command } from './command.ts'
import { type Exit, Stop } from './exit.ts'
import { table } from './table.ts'

export const stock: Command = {
  name: 'stock',
  usage: '[LANE…]',
  about: 'every pack in the machine, lane by lane, the front first',
  words: [0, 1_000],
  examples: ['pawl stock', 'pawl stock L1 L2 --json'],
  async run(call) {
    const { stock: all = [] } = await call.agent().ask({ ask: 'stock' })
    const unknown = call.words.find(word => !all.some(({ lane }) => lane === word))
    if (unknown !== undefined) throw new Stop('usage', `There is no lane ${unknown}.`)
    const shown = all.filter(({ lane }) => call.words.length === 0 || call.words.includes(lane))
    call.tell({ stock: shown })
    const rows = shown.flatMap(({ lane, product, capacity, packs }) => [
      [lane, product, `${packs.length}/${capacity}`, '', '', ''],
      ...packs.map(({ position, serial, lot, expiry }) => ['', '', String(position), serial, lot, expiry]),
    ])
    for (const line of table(['lane', 'product', 'packs', 'serial', 'lot', 'expires'], rows)) call.say(line)
    return 'ok'
  },
}

export const load: Command = {
  name: 'load',
  usage: 'LANE [--end]',
  about: 'begins to fill a lane, pack by pack at the pack scanner',
  details: [
    'Tells what becomes of each pack until Ctrl-C; the lane is being filled until --end, or for ten quiet minutes.',
  ],
  options: { end: { type: 'boolean' } },
  optionHelp: { end: 'the lane is filled' },
  words: [1, 1],
  examples: ['pawl load L1', 'pawl load L1 --end'],
  async run(call) {
    const [lane = ''] = call.words
    const kind = call.flag('end') ? 'load-end' : 'load'
    const exit = await act(
      call,
      { kind, lane, by: call.user },
      `Lane ${lane} is ${kind === 'load' ? 'being filled' : 'filled'}.`,
    )
    if (exit !== 'ok' || kind === 'load-end' || call.json) return exit
    await call.agent().ask({ ask: 'journal', follow: true, limit: 1 }, ({ rows = [] }) => {
      for (const { entry } of rows) if ('lane' in entry && entry.lane === lane) call.say(tellEntry(entry))
    })
    return 'ok'
  },
}

export const removePack: Command = {
  name: 'remove',
  usage: 'GTIN SERIAL --reason TEXT',
  about: 'says that a pack was taken out by hand, and why',
  options: { reason: { type: 'string' } },
  optionHelp: { reason: 'why, in a few words; required' },
  words: [2, 2],
  examples: ['pawl remove 00312345678906 SER42 --reason "expired"'],
  async run(call) {
    const [gtin = '', serial = ''] = call.words
    if (!/^\d{14}$/.test(gtin)) throw new Stop('usage', `"${gtin}" is no GTIN: fourteen digits.`)
    const reason = call.text('reason')?.trim() ?? ''
    if (reason === '' || reason.length > 200)
      throw new Stop('usage', 'Say why with --reason TEXT, in at most 200 characters.')
    return act(
      call,
      { kind: 'remove-pack', gtin, serial, reason, by: call.user },
      `${gtin} ${serial} is out of the machine.`,
    )
  },
}

async function act(call: Call, what: Ask, done: string): Promise<Exit> {
  const { answer } = await call.agent().ask({ ask: 'do', what })
  if (!answer) return 'refused'
  call.tell(answer)
  call.say(answer.outcome === 'done' ? done : refusal(answer))
  return answer.outcome === 'done' ? 'ok' : 'refused'
}

const refusal = (answer: Answer): string => ('why' in answer ? `Refused: ${answer.why}.` : '')
