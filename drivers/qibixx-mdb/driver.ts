import { z } from 'zod'
import type { Codec } from '../codec.ts'
import { type Command, type Driver, type Host, type Outcome, REFUSED } from '../device.ts'
import type { Millis } from '../host/clock.ts'
import { keepAsking, outlivesPoll, rhythmOf, rhythmOptions, TOO_STALE } from '../keep-asking.ts'
import { tell } from '../raw-request.ts'
import { decodeTold, line, money, type Told } from './frames.ts'

const Options = z
  .strictObject({
    mode: z
      .literal([1, 2])
      .default(2)
      .describe('1: a card is presented before a charge is asked for. 2: the reader is always idle.'),
    decimals: z.int().min(0).max(3).default(2).describe('Digits behind the point in amounts: 2 for cents.'),
    end_names_product: z
      .boolean()
      .default(false)
      .describe('Whether a vend is ended with its product, as firmware 3.8 and later can.'),
    answer_within_ms: z
      .int()
      .min(5_000)
      .max(300_000)
      .default(90_000)
      .describe('How long a charge may be open without an answer before it is in doubt, in milliseconds.'),
    ...rhythmOptions(2_000, 8_000),
  })
  .refine(outlivesPoll, TOO_STALE)

type Options = z.output<typeof Options>

const PROMPT: Millis = 1_000

/** A card terminal on the MDB bus behind a Qibixx MDB-USB or Pi HAT, which plays the vending machine for us. */
export const qibixxMdb: Driver<Options> = {
  name: 'qibixx-mdb',
  about: 'Card terminal on MDB behind a Qibixx MDB-USB or Pi HAT (USB CDC, 115200)',
  kind: 'payment',
  options: Options,
  address: () => undefined,
  channels: () => 0,
  probe: {
    bauds: [115_200],
    candidates: [{}],
    async ask(bus, { decimals }) {
      const answer = await bus.ask(statusCodec(decimals), 'status')
      return answer.ok ? `an MDB adapter, ${answer.reply.type}` : undefined
    },
  },
  open: (host, options) => openTerminal(host, options),
}

const statusCodec = (decimals: number): Codec<'status', Told> => ({
  encode: () => line('D,STATUS'),
  decode: decodeTold(decimals),
})

//  idle ──charge──▶ asked ──approved──▶ approved ──settle──▶ idle
//                     └─denied──▶ idle        (found approved at the first word: in doubt)

type Phase = 'unknown' | 'idle' | 'asked' | 'approved' | 'in-doubt'

function openTerminal(host: Host, options: Options) {
  const { bus, clock, report } = host
  const { decimals } = options
  const codec = statusCodec(decimals)
  let phase: Phase = 'unknown'
  let product = 0
  let asked = 0
  let cancelAsked = () => {}
  let lastType: Told['type'] | undefined

  const say = (text: string, by: Millis): Promise<Outcome> => tell(bus, line(text), by)

  function enter(next: Phase): void {
    cancelAsked()
    phase = next
  }

  function heard(told: Told): void {
    const changed = told.type !== lastType
    lastType = told.type
    switch (told.type) {
      case 'approved':
        return approved(told.amount)
      case 'denied':
        if (phase !== 'asked') return
        enter('idle')
        return report({ type: 'payment', state: 'denied' })
      case 'credit':
        if (changed) report({ type: 'payment', state: 'credit', ...amountIn(told) })
        return
      case 'idle':
        return idle(changed)
      case 'vend':
        // A charge that this life did not ask for is open on the terminal.
        if (phase === 'unknown') doubt()
        return
      case 'off':
      case 'reset':
      case 'init':
        if (phase === 'asked' || phase === 'approved') doubt()
        if (changed) report({ type: 'payment', state: 'off' })
        return
      case 'error':
        if (phase !== 'asked') return
        enter('idle')
        return report({ type: 'payment', state: 'denied' })
    }
  }

  function approved(amount: number | undefined): void {
    if (phase === 'approved' || phase === 'in-doubt') return
    if (phase !== 'asked') return doubt()
    // Another amount than was asked for: nobody knows what the card was charged.
    if (amount !== undefined && amount !== asked) return doubt()
    enter('approved')
    report({ type: 'payment', state: 'approved', ...amountIn({ amount }) })
  }

  function idle(changed: boolean): void {
    // The terminal went back by itself while an approved charge was open: nobody knows whether it was kept.
    if (phase === 'approved') return doubt()
    if (phase === 'asked') return
    if (phase !== 'in-doubt') enter('idle')
    if (changed) report({ type: 'payment', state: 'idle' })
  }

  function doubt(): void {
    if (phase === 'in-doubt') return
    enter('in-doubt')
    report({ type: 'payment', state: 'in-doubt' })
  }

  let closed = false
  bus.overhear(codec.decode, told => {
    if (!closed) heard(told)
  })
  const watch = keepAsking<Told>(
    host,
    {
      async read() {
        const answer = await bus.ask(codec, 'status', { wanted: told => told.type !== 'error' })
        // It begins anew with every loss of its power or of the reader's.
        if (answer.ok && answer.reply.type === 'off') await say(`D,${options.mode}`, clock.now() + PROMPT)
        if (answer.ok && answer.reply.type === 'init') await say('D,READER,1', clock.now() + PROMPT)
        return answer
      },
      heard,
    },
    rhythmOf(options),
  )

  async function charge(amount: number, item: number, by: Millis): Promise<Outcome> {
    if (!watch.reading()) return watch.away()
    if (phase === 'unknown' || phase === 'in-doubt') return { ok: false, fault: 'in-doubt', sent: false }
    if (phase !== 'idle') return { ok: false, fault: 'busy', sent: false }
    if (!Number.isSafeInteger(amount) || amount <= 0) return REFUSED
    enter('asked')
    product = item
    asked = amount
    const outcome = await say(`D,REQ,${money(amount, decimals)},${item}`, by)
    if (!outcome.ok && !outcome.sent) enter('idle')
    else {
      report({ type: 'payment', state: 'asked', amount })
      cancelAsked = clock.after(options.answer_within_ms, doubt)
    }
    return outcome
  }

  async function settle(kept: boolean, by: Millis): Promise<Outcome> {
    if (phase !== 'approved') return { ok: false, fault: 'refused', sent: false }
    const end = kept ? (options.end_names_product ? `D,END,${product}` : 'D,END') : 'D,END,-1'
    const outcome = await say(end, by)
    if (outcome.ok) {
      enter('idle')
      lastType = undefined
      report({ type: 'payment', state: kept ? 'settled' : 'returned' })
    }
    return outcome
  }

  return {
    async send(command: Command): Promise<Outcome> {
      if (command.type === 'charge') return charge(command.amount, command.product, command.by)
      return command.type === 'settle' ? settle(command.kept, command.by) : REFUSED
    },
    close() {
      closed = true
      cancelAsked()
      watch.close()
    },
  }
}

const amountIn = ({ amount }: { amount: number | undefined }): { amount?: number } =>
  amount === undefined ? {} : { amount }
