import { promiseFrames } from '../frame-promises.ts'
import { frames, type Reply, type Request } from './frames.ts'

/** By hand: the seventh byte is 03, the eighth the sum of the others, and it is board 0 with a known ASK. */
function passes(frame: Uint8Array): boolean {
  const [stx, board, , command, ask = 0, length = 0, etx, sum] = frame
  let others = 0
  for (const [index, byte] of frame.subarray(0, 8 + length).entries()) if (index !== 7) others += byte
  const known =
    (command === 0x80 && length === 2 && ask === 0x10) ||
    (command === 0x81 && length === 0 && ask >= 0x10 && ask <= 0x14)
  return (
    stx === 2 && board === 0 && etx === 3 && known && frame.length >= 8 + length && (others & 0xff) === sum
  )
}

promiseFrames<Request, Reply>('kerong-cu12', {
  codec: frames(0),
  requests: [
    ['02 00 00 80 00 00 03 85', { type: 'status' }],
    ['02 00 02 81 00 00 03 88', { type: 'unlock', lock: 3 }],
  ],
  replies: [
    ['02 00 00 80 10 02 03 99 02 00', { type: 'status', hooks: 0x002 }],
    ['02 00 00 80 10 02 03 98 01 00', { type: 'status', hooks: 0x001 }],
    ['02 00 02 81 10 00 03 98', { type: 'unlock', lock: 3, ask: 'ok' }],
    ['02 00 02 81 11 00 03 99', { type: 'unlock', lock: 3, ask: 'failed' }],
    ['02 00 02 81 13 00 03 9B', { type: 'unlock', lock: 3, ask: 'unknown-command' }],
  ],
  passes,
  // One bit up and one down in the same place cancel out in a sum: one pair of bytes in eight pairs of bits, half of the time.
  misses: 1 / 16,
  strangers: [
    '02 01 00 80 10 02 03 9C 04 00', // board 1
    '02 00 00 80 00 00 03 85', // a question
    '02 00 00 8F 10 02 03 C8 10 12', // a version
    '02 00 35 01 00 01 00 03 3C', // a CU16
  ],
  longest: 10,
})
