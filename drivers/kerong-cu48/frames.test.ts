import { promiseFrames } from '../frame-promises.ts'
import { frames, type Request, type Status } from './frames.ts'

const only = (lock: number) => Array.from({ length: 48 }, (_, index) => index + 1 === lock)

/** By hand: eighteen bytes, 75 in the fourth, 03 before the sum, and the lock byte may be anything. */
const passes = (frame: Uint8Array): boolean =>
  frame[0] === 2 &&
  frame[1] === 0 &&
  frame[3] === 0x75 &&
  frame[16] === 3 &&
  frame[17] === frame.subarray(0, 17).reduce((sum, byte) => (sum + byte) & 0xff, 0)

promiseFrames<Request, Status>('kerong-cu48', {
  codec: frames(0),
  requests: [
    ['02 00 00 60 03 65', { type: 'status' }],
    ['02 00 00 61 03 66', { type: 'unlock', lock: 1 }],
    ['02 00 01 61 03 67', { type: 'unlock', lock: 2 }],
  ],
  replies: [
    ['02 00 00 75 01 00 00 00 00 00 00 00 00 00 00 00 03 7B', { hooks: only(1) }],
    ['02 00 00 75 00 20 00 00 00 00 00 00 00 00 00 00 03 9A', { hooks: only(14) }],
  ],
  passes,
  misses: 1 / 16,
  strangers: [
    '02 00 0A 77 01 00 00 00 00 00 01 00 00 00 00 00 03 88', // captured, of unknown meaning
    '02 01 00 75 01 00 00 00 00 00 00 00 00 00 00 00 03 7C', // board 1
    '02 00 00 60 03 65', // a question
  ],
  longest: 18,
})
