import type { Plug, Socket } from './peripheral.ts'

/** One thing that passed on a line, in milliseconds from any moment. */
export interface Passed {
  at: number
  what: 'sent' | 'heard'
  bytes: Uint8Array
}

interface Answer {
  after: number
  bytes: Uint8Array
}

const LONGEST = 512

/**
 * A device made of what passed on its line once: it answers each question as it was answered then, in turn and with the
 * same delays, and goes on answering as it did last, be it with silence. What it said unasked at first it says again.
 */
export const replay =
  (passed: readonly Passed[]): Plug =>
  (socket: Socket) => {
    const { unasked, answers } = conversations(passed)
    const turns = new Map<string, number>()
    let held = ''
    for (const { after, bytes } of unasked) socket.after(after, () => socket.send(bytes))

    function answer(question: string): void {
      const all = answers.get(question) ?? []
      const turn = turns.get(question) ?? 0
      turns.set(question, turn + 1)
      for (const { after, bytes } of all[Math.min(turn, all.length - 1)] ?? [])
        socket.after(after, () => socket.send(bytes))
    }

    /** The first question among what is held, the longer one where two begin at the same place. */
    function find(): { question: string; end: number } | undefined {
      let best: { question: string; at: number } | undefined
      for (const question of answers.keys()) {
        const at = held.indexOf(question)
        const better =
          at >= 0 && (!best || at < best.at || (at === best.at && question.length > best.question.length))
        if (better) best = { question, at }
      }
      return best && { question: best.question, end: best.at + best.question.length }
    }

    return {
      receive(bytes) {
        held += latin(bytes)
        for (let found = find(); found; found = find()) {
          held = held.slice(found.end)
          answer(found.question)
        }
        held = held.slice(-LONGEST)
      },
    }
  }

/** Each question with how it was answered each time, and what came before the first. */
function conversations(passed: readonly Passed[]) {
  const unasked: Answer[] = []
  const answers = new Map<string, Answer[][]>()
  let since = passed[0]?.at ?? 0
  let now: Answer[] = unasked
  for (const { at, what, bytes } of passed) {
    if (what === 'heard') now.push({ after: Math.max(0, at - since), bytes })
    else {
      now = []
      since = at
      const question = latin(bytes)
      answers.set(question, [...(answers.get(question) ?? []), now])
    }
  }
  return { unasked, answers }
}

const latin = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')
