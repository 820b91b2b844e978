import type { Clock, Millis } from './host/clock.ts'

/**
 * Tells the first of many: in continuous mode a code that stays in view, or a badge that stays on the reader, is sent
 * over and over. Each repetition begins the quiet time anew.
 */
export function onceIn(clock: Clock, quiet: Millis): (text: string) => boolean {
  let last: { text: string; at: Millis } | undefined

  return text => {
    const before = last
    last = { text, at: clock.now() }
    return before?.text !== text || last.at - before.at >= quiet
  }
}

/** A barcode as `onceIn` compares it. */
export const codeText = ({ bytes, aim = '' }: { bytes: Uint8Array; aim: string | undefined }): string =>
  aim + Buffer.from(bytes).toString('latin1')
