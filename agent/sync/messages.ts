import { z } from 'zod'
import { type Ask, ClearAsk } from '../domain/ask.ts'
import type { Edge } from '../domain/edge.ts'
import { Row } from '../domain/journal.ts'

/** The version of these messages; a change that an older cloud could not read gives it a new number and a new root. */
export const VERSION = 1
const v = z.literal(VERSION).describe('The version of these messages.')
const unit = z.string().describe('The name of the unit, as in its topics.')
const epoch = z
  .string()
  .describe("Names the unit's present journal: sequence numbers begin again in another epoch.")
const session = z
  .int()
  .min(1)
  .describe('Counts connections: within an epoch each has a higher one than all before it.')
const hash = z.string().regex(/^[0-9a-f]{64}$/)
const InstructionId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/)
  .describe('Names the instruction. Never use one again.')

const tally = (about: string) => z.int().min(0).describe(about)

/** How one device does. Counts run from the start of the agent. */
export const DeviceHealth = z.strictObject({
  name: z.string().describe('As in the site file.'),
  online: z.boolean(),
  why: z.string().optional().describe('Why it is not, by the name of the fault.'),
  answered: tally('Questions it answered.'),
  retried: tally('Questions that were asked again.'),
  failed: tally('Questions that were given up.'),
  noise: tally('Bytes that belonged to nothing.'),
  quiet_seconds: tally('Since its last good reply.').optional(),
  restarts: tally('How often its driver went wrong and was started again.').optional(),
  said: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('What it measured or said last: climate, contacts, printer, terminal.'),
})
export type DeviceHealth = z.output<typeof DeviceHealth>

/** Said first on every connection. */
export const Birth = z.strictObject({
  v,
  unit,
  epoch,
  session,
  version: z
    .strictObject({ agent: z.string().describe('Of the agent.'), node: z.string().describe('Of Node.js.') })
    .describe('What runs there.'),
  head: z
    .strictObject({ seq: z.int().min(0).describe('0: no row yet.'), hash })
    .describe('The newest row of the journal.'),
  confirmed: z.int().min(0).describe('What the unit believes the cloud has.'),
  at: z.int().describe('Unix time in milliseconds.'),
})

/** The last will. Ignore it when its session is not that of the last birth: it may come late. */
export const Death = z.strictObject({ v, unit, epoch, session })

/** Rows in order, without a gap among them. May come again, or out of turn. */
export const JournalBatch = z.strictObject({
  v,
  epoch,
  prev: hash.describe('The hash of the row before the first; 64 zeros before row 1.'),
  rows: z.array(Row).min(1).describe('In order, without a gap among them.'),
})

/** The cloud has every row up to `seq` of this epoch, for good. */
export const Confirm = z.strictObject({
  v,
  epoch,
  seq: z.int().min(0).describe('The last row of all that the cloud has without a gap; 0: none.'),
})

/** Obeyed once, however often it comes; answered by `instruction-ended` in the journal. */
export const InstructionMessage = z.strictObject({
  v,
  id: InstructionId,
  expires: z.int().describe('Unix time in milliseconds; not begun afterwards.'),
  ask: ClearAsk,
})

/** How the devices do, now and then. No journal: it may be dropped, and what was dropped is counted. */
export const Telemetry = z.strictObject({
  v,
  unit,
  epoch,
  at: z.int().describe('Unix time in milliseconds.'),
  dropped: z.int().min(0).describe('Messages like this one that were dropped before it.'),
  up_seconds: z.int().min(0).describe('How long the agent has run.'),
  devices: z.array(DeviceHealth),
  slow_locks: z.array(z.string()).describe('Compartments whose lock is slow, by name.'),
  cycles: z.int().min(0).describe('How often all locks together were opened so far.'),
})

export type Telemetry = z.output<typeof Telemetry>
export type Birth = z.output<typeof Birth>
export type Death = z.output<typeof Death>
export type JournalBatch = z.output<typeof JournalBatch>
export type Confirm = z.output<typeof Confirm>
export type InstructionMessage = z.output<typeof InstructionMessage>

/** Every channel: who sends on it, what is in it and what it is for. */
export const channels = {
  birth: {
    from: 'unit',
    message: Birth,
    about: 'Said first on every connection: who is there, with which journal.',
  },
  death: {
    from: 'unit',
    message: Death,
    about:
      'The last will, published by the broker: the connection of that session is gone. It may come after the next birth.',
  },
  journal: { from: 'unit', message: JournalBatch, about: 'What happened, in order, until it is confirmed.' },
  telemetry: {
    from: 'unit',
    message: Telemetry,
    about: 'How the devices do, every quarter of an hour. It may be dropped.',
  },
  confirm: { from: 'cloud', message: Confirm, about: 'Up to where the cloud has the journal, for good.' },
  instruction: {
    from: 'cloud',
    message: InstructionMessage,
    about: 'Something asked of the unit, obeyed once.',
  },
} as const

export type Channel = keyof typeof channels
export type Topics = Record<Channel, string>

/** The topics of one unit: `<root>/<unit>/<channel>`. */
export const topicsOf = (root: string, name: string): Topics => ({
  birth: `${root}/${name}/birth`,
  death: `${root}/${name}/death`,
  journal: `${root}/${name}/journal`,
  telemetry: `${root}/${name}/telemetry`,
  confirm: `${root}/${name}/confirm`,
  instruction: `${root}/${name}/instruction`,
})

export const LARGEST = 64 * 1024

export type Read<Value> = { ok: true; value: Value } | { ok: false; says: string }

/** Reads one message; says in one sentence what is wrong with a bad one, without repeating what is in it. */
export function readMessage<Value>(schema: z.ZodType<Value>, payload: Uint8Array): Read<Value> {
  const json = readJson(payload)
  if (!json.ok) return json
  const parsed = schema.safeParse(json.value)
  if (parsed.success) return { ok: true, value: parsed.data }
  const [issue] = parsed.error.issues
  const says = `${issue?.path.join('.') || 'the message'}: ${issue?.message ?? 'is not right'}`
  return { ok: false, says: says.slice(0, LONGEST_SENTENCE) }
}

export type ReadInstruction =
  | { ok: true; instruction: { id: string; expires: number; ask: Ask } }
  /** `id` where at least that could be read, so that it can be answered. */
  | { ok: false; says: string; id?: string }

/** Reads an instruction and puts seals in the place of codes. Behind this line nobody knows a code. */
export function readInstruction(payload: Uint8Array, edge: Edge): ReadInstruction {
  const read = readMessage(InstructionMessage, payload)
  if (read.ok) {
    const { id, expires, ask } = read.value
    return { ok: true, instruction: { id, expires, ask: sealAsk(ask, edge) } }
  }
  const json = readJson(payload)
  const named = z.object({ id: InstructionId }).safeParse(json.ok ? json.value : undefined)
  return { ...read, ...(named.success ? { id: named.data.id } : {}) }
}

const LONGEST_SENTENCE = 200
const utf8 = new TextDecoder('utf-8', { fatal: true })

function readJson(payload: Uint8Array): Read<unknown> {
  if (payload.length > LARGEST)
    return { ok: false, says: `${payload.length} bytes are too many for a message` }
  try {
    return { ok: true, value: JSON.parse(utf8.decode(payload)) }
  } catch {
    return { ok: false, says: 'it is not JSON in UTF-8' }
  }
}

function sealAsk(ask: ClearAsk, { code: seal, factor, personal }: Edge): Ask {
  switch (ask.kind) {
    case 'book': {
      const { booking, deposit, collect } = ask
      return {
        ...ask,
        deposit: { ...deposit, code: seal(booking, 'deposit', deposit.code) },
        collect: { ...collect, code: seal(booking, 'collect', collect.code) },
      }
    }
    case 'recode':
      return { ...ask, code: seal(ask.booking, ask.leg, ask.code) }
    case 'hand-over':
      return { ...ask, code: seal(ask.booking, 'collect', ask.code) }
    case 'prescribe': {
      const { prescription, factor: digits, personal: clear, ...rest } = ask
      const sealed = digits === undefined ? {} : { factor: factor(prescription, digits) }
      return { ...rest, prescription, ...sealed, personal: personal(ask, clear) }
    }
    case 'renew':
      return { ...ask, factor: factor(ask.prescription, ask.factor) }
    case 'cancel':
    case 'refit':
    case 'inform':
    case 'open':
    case 'hold':
    case 'release':
    case 'return':
    case 'found':
    case 'challenge':
    case 'respond':
    case 'open-all':
    case 'revoke':
    case 'load':
    case 'load-end':
    case 'remove-pack':
    case 'withdraw':
    case 'state':
    case 'recall':
    case 'lift':
    case 'resolve':
    case 'count':
      return ask
  }
}
