import { describe, expect, test } from 'vitest'
import type { Codec } from './codec.ts'
import { bytes, damaged, falseAccepts, feed, fuzz, hex, prefixes, splits } from './frame-trials.ts'

/** Random inputs for each codec on every change; `PAWL_FUZZ=10000000` for a longer campaign. */
const INPUTS = Number(process.env.PAWL_FUZZ ?? 100_000)

export interface FramePromises<Request, Reply> {
  codec: Codec<Request, Reply>
  /** As the manual prints them. */
  requests?: [text: string, request: Request][]
  replies: [text: string, reply: Reply][]
  /** Another hand's judgement of whether a damaged frame passes its checksum and looks like a reply of this device. */
  passes(frame: Uint8Array): boolean
  /** The share of all two-bit errors that the checksum may miss, by theory; one-bit errors it must all see. */
  misses: number
  /** Frames that are this codec's none: other boards', other commands', misprints. */
  strangers?: string[]
  longest: number
  /** How many of the random inputs the checksum may let through by chance. */
  chance?: number
}

/** What every codec of this house promises, whatever its frames look like. */
export function promiseFrames<Request, Reply>(name: string, promises: FramePromises<Request, Reply>): void {
  const { codec, requests = [], replies, passes, misses, strangers = [], longest, chance = 0 } = promises

  describe(`frames of ${name}`, () => {
    for (const [text, request] of requests)
      test(`${text} is written`, () => expect(hex(codec.encode(request))).toBe(text))

    for (const [text, reply] of replies) {
      const frame = bytes(text)

      test(`${text} is read`, () =>
        expect(codec.decode(frame)).toEqual({ reply, rest: new Uint8Array(), noise: 0 }))

      test(`${text} is found whole after noise of any length, and however it is cut`, () => {
        for (const prefix of prefixes(frame, 20))
          expect(feed(codec.decode, [prefix, frame]).replies.at(-1)).toEqual(reply)
        for (const pieces of splits(frame))
          expect(feed(codec.decode, pieces)).toEqual({ replies: [reply], noise: 0 })
      })

      test(`of all one- and two-bit errors of ${text} only those pass that its checksum cannot see`, () => {
        const all = [...damaged(frame)]
        const unseen = all.filter(each => passes(each.frame))
        expect(falseAccepts(codec.decode, frame).sort()).toEqual(unseen.map(each => hex(each.frame)).sort())
        expect(unseen.filter(({ at }) => at.length === 1)).toEqual([])
        const pairs = all.filter(({ at }) => at.length === 2).length
        expect(unseen.length / pairs).toBeLessThanOrEqual(misses)
      })
    }

    test('what is no frame of it is none', () => {
      for (const text of strangers) expect(codec.decode(bytes(text)).reply, text).toBeUndefined()
    })

    test(`${INPUTS} random inputs: nothing thrown, nothing kept that could not begin a frame`, () => {
      const { wrongs, accepted } = fuzz(
        codec.decode,
        replies.map(([text]) => bytes(text)),
        INPUTS,
        longest,
      )
      expect(wrongs).toEqual([])
      expect(accepted).toBeLessThanOrEqual(chance)
    })
  })
}
