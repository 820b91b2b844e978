import type { Answer, Ask } from '../domain/ask.ts'
import { tellEntry } from '../domain/tell.ts'
import type { Call, Command } from './command.ts'
import { type Exit, Stop } from './exit.ts'

const reason = { reason: { type: 'string' } } as const

export const open: Command = {
  name: 'open',
  usage: 'DOOR --reason TEXT [--clear]',
  about: 'opens one door; ends when its own sensor has seen it open',
  details: ['The reason and your name go into the journal, and up to the cloud.'],
  options: { ...reason, clear: { type: 'boolean' } },
  optionHelp: {
    reason: 'why, in a few words; required',
    clear: 'its things are taken out for good: ends the booking once the door is closed',
  },
  words: [1, 1],
  examples: [
    'pawl open A1 --reason "latch check"',
    'pawl open A1 --clear --reason "forgotten keys to the office"',
  ],
  run: call => act(call, { kind: 'open', ...place(call), reason: reasonOf(call), clear: call.flag('clear') }),
}

export const openAll: Command = {
  name: 'open-all',
  usage: '--reason TEXT',
  about: 'opens every door, one after the other',
  details: ['Only while a technician has proved to be there: see `pawl help technician`.'],
  options: reason,
  optionHelp: { reason: 'why, in a few words; required' },
  words: [0, 0],
  examples: ['pawl open-all --reason "moving house"'],
  run: call => act(call, { kind: 'open-all', by: call.user, reason: reasonOf(call) }),
}

export const technician: Command = {
  name: 'technician',
  usage: '[RESPONSE]',
  about: 'proves offline that the operator sent you',
  details: [
    'Without RESPONSE it shows a challenge: read it out to the desk of the operator. With the eight digits that they answer it proves for half an hour that you are there.',
  ],
  words: [0, 1],
  examples: ['pawl technician', 'pawl technician 90273415'],
  run: call => {
    const [response] = call.words
    const by = call.user
    return act(call, response === undefined ? { kind: 'challenge', by } : { kind: 'respond', by, response })
  },
}

export const hold: Command = {
  name: 'hold',
  usage: 'DOOR --reason TEXT',
  about: 'takes a compartment out of use',
  options: reason,
  optionHelp: { reason: 'why, in a few words; required' },
  words: [1, 1],
  examples: ['pawl hold A1 --reason "hinge bent"'],
  run: call => act(call, { kind: 'hold', ...place(call), reason: reasonOf(call) }),
}

export const release: Command = {
  name: 'release',
  usage: 'DOOR',
  about: 'gives a compartment back, or settles a doubt, after you have looked',
  words: [1, 1],
  examples: ['pawl release A1'],
  run: call => act(call, { kind: 'release', ...place(call) }),
}

export const giveBack: Command = {
  name: 'return',
  usage: 'DOOR',
  about: 'opens what is out of use; closed again, it is in use',
  details: [
    'Look at the door, its latch and what lies inside, then close it. Only what its sensor saw gives it back: if the door does not open, or is never seen closed, it stays out of use.',
  ],
  words: [1, 1],
  examples: ['pawl return A1'],
  run: call => act(call, { kind: 'return', ...place(call) }),
}

export const found: Command = {
  name: 'found',
  usage: 'DOOR --what TEXT',
  about: 'writes down what somebody forgot in a compartment',
  options: { what: { type: 'string' } },
  optionHelp: { what: 'what it is and where it is kept, in at most 80 characters; required' },
  words: [1, 1],
  examples: ['pawl found A1 --what "one glove, at the desk"'],
  run(call) {
    const what = call.text('what')?.trim() ?? ''
    if (what === '' || what.length > 80)
      throw new Stop(
        'usage',
        'Say what it is and where it is kept with --what TEXT, in at most 80 characters.',
      )
    return act(call, { kind: 'found', ...place(call), what })
  },
}

const place = ({ words: [compartment = ''], user: by }: Call) => ({ compartment, by })

function reasonOf(call: Call): string {
  const given = call.text('reason')?.trim() ?? ''
  if (given === '' || given.length > 200)
    throw new Stop('usage', 'Say why with --reason TEXT, in at most 200 characters.')
  return given
}

async function act(call: Call, what: Ask): Promise<Exit> {
  let ordered = false
  const { answer } = await call.agent().ask({ ask: 'do', what }, ({ rows = [] }) => {
    for (const { entry } of rows) {
      ordered ||= entry.type === 'unlock-ordered'
      call.say(tellEntry(entry))
    }
  })
  if (!answer) return 'refused'
  call.tell(answer)
  call.say(sentence(what, answer))
  if (answer.outcome === 'done') return 'ok'
  return ordered ? 'no' : 'refused'
}

const DONE = {
  found: () => 'Written down.',
  'open-all': () => 'Every door is opened now, one after the other.',
  challenge: () => 'Read it out to the operator; then `pawl technician RESPONSE`, within ten minutes.',
  respond: () => 'You are there for the operator, for half an hour.',
  open: (door: string) => `${door} is open.`,
  return: (door: string) => `${door} is open: look, then close it, and it is in use again.`,
  hold: (door: string) => `${door} is out of use.`,
  release: (door: string) => `${door} is in use.`,
} as const

function sentence({ kind, ...what }: Ask, answer: Answer): string {
  const door = 'compartment' in what ? what.compartment : ''
  if (answer.outcome === 'done') return DONE[kind as keyof typeof DONE](door)
  return answer.outcome === 'in-doubt' ? `${door} is in doubt: ${answer.why}.` : `Refused: ${answer.why}.`
}
