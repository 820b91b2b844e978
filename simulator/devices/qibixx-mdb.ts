import type { Plug } from './peripheral.ts'

// D,2               → d,STATUS,RESET  d,STATUS,INIT,1     D,1: a card first, then D,REQ; D,2: D,REQ first
// D,READER,1        → d,STATUS,IDLE
// D,REQ,1.50,10     → d,STATUS,VEND   d,STATUS,RESULT,1,1.50 or d,STATUS,RESULT,-1
// D,END or D,END,10 → d,STATUS,IDLE   and the money is taken; D,END,-1 gives it back
// An order that does not fit the moment: d,ERR,-1. A line for another part of the adapter meets with silence.

/** The reader on the MDB cable, and the card before it. The world may change it at any time. */
export interface CardReader {
  /** A card is presented with so much credit, or undefined. Nothing here takes it away again. */
  credit: number | undefined
  approves: boolean
  /** Amounts taken for good. */
  charged: number[]
  refunded: number[]
  /** Approved, and neither ended nor failed: whatever the power or D,0 cut off stays here. */
  open: number[]
  /** Off its cable. */
  unplugged?: boolean
}

export interface QibixxMdbSettings {
  /** As though told D,0, D,1 or D,2 at power-up. */
  startsAs?: 0 | 1 | 2
  lineEnd?: '\n' | '\r\n'
  /** Sends every line in pieces of so many bytes. */
  pieces?: number
  /** Tells with INIT how the reader is set up. */
  tellsReader?: boolean
  /** From firmware 3.8 on. */
  endTakesProduct?: boolean
  resetMillis?: number
  /** From the card, or from the request if that came later, to the result. */
  decideMillis?: number
  /** How long a request waits for a card. */
  patienceMillis?: number
}

type State =
  | { is: 'off' | 'init' | 'idle' }
  | { is: 'reset'; since: number }
  | { is: 'credit'; credit: number }
  | { is: 'vend'; since: number; amount: number; credit: number | undefined; cardAt: number | undefined }
  | { is: 'result'; amount: number }

const THINK = 5
const LOOK_EVERY = 20
const LONGEST_LINE = 200
/** Level 3, Swiss francs, scale 1, two decimals, 30 seconds. */
const READER = '#,3,1756,1,2,30,8'
const WRONG = 'd,ERR,-1'
const DENIED = 'd,STATUS,RESULT,-1'

/** A reader with no card before it. */
export const cardReader = (credit?: number): CardReader => ({
  credit,
  approves: true,
  charged: [],
  refunded: [],
  open: [],
})

export function qibixxMdb(settings: QibixxMdbSettings, reader: CardReader): Plug {
  const { startsAs = 2, lineEnd = '\r\n', pieces = Infinity, tellsReader = true } = settings
  const { endTakesProduct = true, resetMillis = 500, decideMillis = 300, patienceMillis = 30_000 } = settings

  return socket => {
    let mode = 0
    let state: State = { is: 'off' }
    /** The card of the last session is still there. */
    let known = false
    let typed = ''
    let stopLooking = () => {}

    function say(line: string): void {
      socket.after(THINK, () => {
        const bytes = Buffer.from(line + lineEnd, 'latin1')
        for (let at = 0; at < bytes.length; at += pieces) socket.send(bytes.subarray(at, at + pieces))
      })
    }

    function become(next: State): void {
      state = next
      say(status(next) + (next.is === 'init' && tellsReader ? `,${READER}` : ''))
    }

    function switchOn(to: number): void {
      if (mode !== 0) return say('d,ERR,"cashless master is on"')
      mode = to
      known = false
      become({ is: 'reset', since: socket.now() })
      look()
    }

    function switchOff(): void {
      mode = 0
      stopLooking()
      become({ is: 'off' })
    }

    /** What the adapter learns when it polls the reader. */
    function look(): void {
      stopLooking = socket.after(LOOK_EVERY, look)
      const now = socket.now()
      if (reader.credit === undefined) known = false
      if (reader.unplugged) {
        if (state.is !== 'reset') become({ is: 'reset', since: now })
        else state.since = now
      }
      if (state.is === 'reset' && now - state.since >= resetMillis) become({ is: 'init' })
      if (state.is === 'credit' && reader.credit === undefined) become({ is: 'idle' })
      if (state.is === 'idle' && mode === 1 && reader.credit !== undefined && !known) {
        known = true
        become({ is: 'credit', credit: reader.credit })
      }
      if (state.is === 'vend') vend(state, now)
    }

    function vend(asked: State & { is: 'vend' }, now: number): void {
      const credit = asked.credit ?? reader.credit
      if (credit === undefined) {
        asked.cardAt = undefined
        if (now - asked.since >= patienceMillis) deny()
        return
      }
      asked.cardAt ??= now
      if (now - asked.cardAt < decideMillis) return
      if (!reader.approves || credit < asked.amount) return deny()
      reader.open.push(asked.amount)
      become({ is: 'result', amount: asked.amount })
    }

    function deny(): void {
      say(DENIED)
      become({ is: 'idle' })
    }

    function request(amount: number): void {
      const ready = state.is === (mode === 1 ? 'credit' : 'idle')
      if (!ready || amount <= 0) return say(WRONG)
      const credit = state.is === 'credit' ? state.credit : undefined
      become({ is: 'vend', since: socket.now(), amount, credit, cardAt: undefined })
    }

    function cancel(): void {
      if (state.is === 'vend') deny()
      else if (state.is === 'credit') become({ is: 'idle' })
      else say(WRONG)
    }

    function end(amounts: number[]): void {
      if (state.is !== 'result') return say(WRONG)
      reader.open.splice(reader.open.lastIndexOf(state.amount), 1)
      amounts.push(state.amount)
      become({ is: 'idle' })
    }

    function obey(line: string): void {
      if (!line.startsWith('D')) return
      const [, amount] = /^D,REQ,(\d+(?:\.\d{1,2})?),\d+$/.exec(line) ?? []
      if (amount !== undefined) return request(Number(amount))
      if (endTakesProduct && /^D,END,\d+$/.test(line)) return end(reader.charged)
      switch (line) {
        case 'D,0':
          return switchOff()
        case 'D,1':
        case 'D,2':
          return switchOn(Number(line.slice(2)))
        case 'D,READER,1':
          return state.is === 'init' || state.is === 'idle' ? become({ is: 'idle' }) : say(WRONG)
        case 'D,REQ,-1':
          return cancel()
        case 'D,END':
          return end(reader.charged)
        case 'D,END,-1':
          return end(reader.refunded)
        case 'D,STATUS':
          return say(status(state))
        default:
          return say(WRONG)
      }
    }

    if (startsAs !== 0) switchOn(startsAs)

    return {
      receive(bytes) {
        const lines = (typed + Buffer.from(bytes).toString('latin1')).split('\n')
        typed = (lines.pop() ?? '').slice(0, LONGEST_LINE)
        for (const line of lines) obey(line.replace(/\r$/, ''))
      },
    }
  }
}

/** As D,STATUS tells it too. */
function status(state: State): string {
  if (state.is === 'init') return 'd,STATUS,INIT,1'
  if (state.is === 'credit') return `d,STATUS,CREDIT,${state.credit.toFixed(2)}`
  if (state.is === 'result') return `d,STATUS,RESULT,1,${state.amount.toFixed(2)}`
  return `d,STATUS,${state.is.toUpperCase()}`
}
