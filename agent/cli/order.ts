import type { Answer, Ask } from '../domain/ask.ts'
import type { Call } from './command.ts'
import { type Exit, Stop } from './exit.ts'

/** Asks the agent to do something, and says what came of it. */
export async function order(call: Call, what: Ask, done: string): Promise<Exit> {
  const { answer } = await call.agent().ask({ ask: 'do', what })
  if (!answer) return 'refused'
  call.tell(answer)
  call.say(answer.outcome === 'done' ? done : refusal(answer))
  return answer.outcome === 'done' ? 'ok' : 'refused'
}

const refusal = (answer: Answer): string => ('why' in answer ? `Refused: ${answer.why}.` : '')

const LONGEST = 200

/** The reason that whoever does this must give. */
export function reasonOf(call: Call): string {
  const reason = call.text('reason')?.trim() ?? ''
  if (reason === '' || reason.length > LONGEST)
    throw new Stop('usage', `Say why with --reason TEXT, in at most ${LONGEST} characters.`)
  return reason
}

/** Refuses what is no GTIN. */
export function gtinOf(text: string): string {
  if (!/^\d{14}$/.test(text)) throw new Stop('usage', `"${text}" is no GTIN: fourteen digits.`)
  return text
}
