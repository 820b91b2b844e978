import { z } from 'zod'
import { type Ask, ClearAsk } from '../domain/ask.ts'
import type { Seal } from '../domain/codes.ts'
import { Row } from '../domain/journal.ts'

/** The version of these messages; a change that an older cloud could not read gives it a new number and a new root. */
const v = z.literal(1)
const unit = z.string()
/** Names the unit's present journal: sequence numbers begin again in another epoch. */
const epoch = z.string()
const session = z.int().min(1)
const hash = z.string().regex(/^[0-9a-f]{64}$/)

/** Said first on every connection. */
export const Birth = z.strictObject({
  v,
  unit,
  epoch,
  session,
  version: z.strictObject({ agent: z.string(), node: z.string() }),
  head: z.strictObject({ seq: z.int().min(0), hash }),
  confirmed: z.int().min(0),
  at: z.int(),
})

/** The last will. Ignore it when its session is not that of the last birth: it may come late. */
export const Death = z.strictObject({ v, unit, epoch, session })

/** Rows in order, without a gap among them. `prev` is the hash before the first. May come again, or out of turn. */
export const JournalBatch = z.strictObject({ v, epoch, prev: hash, rows: z.array(Row).min(1) })

/** The cloud has every row up to `seq` of this epoch, for good. */
export const Confirm = z.strictObject({ v, epoch, seq: z.int().min(0) })

/** Obeyed once, however often it comes; answered by `instruction-ended` in the journal. */
export const InstructionMessage = z.strictObject({
  v,
  id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  /** Unix time in milliseconds; not begun afterwards. */
  expires: z.int(),
  ask: ClearAsk,
})

export type Birth = z.output<typeof Birth>
export type JournalBatch = z.output<typeof JournalBatch>
export type Confirm = z.output<typeof Confirm>
export type InstructionMessage = z.output<typeof InstructionMessage>

/** Every channel: its last topic level, who sends it and what is in it. */
export const channels = {
  birth: { from: 'unit', message: Birth },
  death: { from: 'unit', message: Death },
  journal: { from: 'unit', message: JournalBatch },
  confirm: { from: 'cloud', message: Confirm },
  instruction: { from: 'cloud', message: InstructionMessage },
} as const

export type Channel = keyof typeof channels
export type Topics = Record<Channel, string>

/** The topics of one unit: `<root>/<unit>/<channel>`. */
export const topicsOf = (root: string, name: string): Topics => ({
  birth: `${root}/${name}/birth`,
  death: `${root}/${name}/death`,
  journal: `${root}/${name}/journal`,
  confirm: `${root}/${name}/confirm`,
  instruction: `${root}/${name}/instruction`,
})

const LARGEST = 64 * 1024

export type Read<Value> = { ok: true; value: Value } | { ok: false; says: string }

/** Reads one message; says in one sentence what is wrong with a bad one. */
export function readMessage<Value>(schema: z.ZodType<Value>, payload: Uint8Array): Read<Value> {
  if (payload.length > LARGEST)
    return { ok: false, says: `${payload.length} bytes are too many for a message` }
  let json: unknown
  try {
    json = JSON.parse(Buffer.from(payload).toString('utf8'))
  } catch {
    return { ok: false, says: 'it is not JSON' }
  }
  const parsed = schema.safeParse(json)
  if (parsed.success) return { ok: true, value: parsed.data }
  const [issue] = parsed.error.issues
  return { ok: false, says: `${issue?.path.join('.') || 'the message'}: ${issue?.message ?? 'is not right'}` }
}

/** Puts seals in the place of codes. Behind this line nobody knows a code. */
export function sealAsk(ask: ClearAsk, seal: Seal): Ask {
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
    case 'cancel':
    case 'open':
    case 'hold':
    case 'release':
      return ask
  }
}
