import type { z } from 'zod'
import { link, ROOT } from '../agent/domain/chain.ts'
import type { Entry, Row } from '../agent/domain/journal.ts'
import { type Channel, type channels, VERSION } from '../agent/sync/messages.ts'
import { kioskInstructions } from './asyncapi-kiosk-examples.ts'

/** What is said in an example and what it shows. */
interface Example<Message> {
  name: string
  summary: string
  payload: Message
}

type Examples = { [Name in Channel]: Example<z.input<(typeof channels)[Name]['message']>>[] }

const v = VERSION
const unit = 'autocentre-1'
const epoch = '5f0c8a1e9b3d7246'
const NOON = Date.UTC(2026, 0, 1, 12)
const HOUR = 3_600_000

const happened: [at: number, entry: Entry][] = [
  [NOON, { type: 'started', version: '0.1.0', after: 'first' }],
  [NOON + 90, { type: 'device-online', device: 'board-left' }],
  [
    NOON + 60_000,
    { type: 'open-asked', compartment: 'A1', reason: 'Kunde „König“ steht davor', by: 'desk 3' },
  ],
]

const rows: Row[] = []
for (const [at, entry] of happened) {
  const seq = rows.length + 1
  const hash = link(rows.at(-1)?.hash ?? ROOT, seq, at, JSON.stringify(entry))
  rows.push({ seq, at, entry, hash })
}
const last = { seq: rows.length, hash: rows.at(-1)?.hash ?? ROOT }

/** Signed with the key of RFC 8032, TEST 1; worked out in agent/domain/TOKENS.md. */
const REVOCATIONS =
  '0oRPogEnBEpvcGVyYXRvci0xoFhApgNhKgYaaVXHEDoAAQAAZ3Jldm9rZWQ6AAEAAgc6AAEAA4FQAAECAwQFBgcICQoLDA0ODzoAAQAEgWVLNDcxMVhATfkKEccBNrKui5cRr5-HzWXkhFSRgtK5WsTjdRs6YndydT4Zp-WPHmWEdSWB9YGDJc7EgupDE6Mn2sHy5IKvCw'

type Instruction = Examples['instruction'][number]['payload']

const asked = (id: string, ask: Instruction['ask']): Instruction => ({ v, id, expires: NOON + HOUR, ask })

/** Examples of every message. Rows are chained as a unit chains them, so that another implementation can be tried on them. */
export const examples: Examples = {
  birth: [
    {
      name: 'first',
      summary: 'A new unit connects with three rows that nobody has.',
      payload: {
        v,
        unit,
        epoch,
        session: 1,
        version: { agent: '0.1.0', node: '24.21.0' },
        head: last,
        confirmed: 0,
        at: NOON + 61_000,
      },
    },
  ],
  death: [{ name: 'gone', summary: 'Its first connection broke.', payload: { v, unit, epoch, session: 1 } }],
  journal: [
    {
      name: 'beginning',
      summary: 'The first rows of a journal. The last one shows how text beyond ASCII is covered.',
      payload: { v, epoch, prev: ROOT, rows },
    },
  ],
  telemetry: [
    {
      name: 'quarter',
      summary: 'A sensor that measures, a board that had to be asked twice now and then, one slow lock.',
      payload: {
        v,
        unit,
        epoch,
        at: NOON + HOUR,
        dropped: 0,
        up_seconds: 3_600,
        devices: [
          {
            name: 'board-left',
            online: true,
            answered: 14_102,
            retried: 3,
            failed: 0,
            noise: 12,
            quiet_seconds: 0,
          },
          {
            name: 'climate',
            online: true,
            answered: 720,
            retried: 0,
            failed: 0,
            noise: 0,
            quiet_seconds: 4,
            said: { climate: { celsius: 21.5, humidity: 40 } },
          },
        ],
        slow_locks: ['A7'],
        cycles: 412,
      },
    },
  ],
  confirm: [{ name: 'all', summary: 'The cloud has all three.', payload: { v, epoch, seq: last.seq } }],
  instruction: [
    {
      name: 'book',
      summary: 'A customer drops keys, staff collect them.',
      payload: asked('i-1001', {
        kind: 'book',
        booking: 'K4711',
        size: 'S',
        low_reach: true,
        deposit: { by: 'customer', code: '7Q2M9X', until: NOON + 12 * HOUR },
        collect: { by: 'staff', code: 'R5T8ZD', until: NOON + 24 * HOUR },
      }),
    },
    {
      name: 'cancel',
      summary: 'They will not come.',
      payload: asked('i-1002', { kind: 'cancel', booking: 'K4711' }),
    },
    {
      name: 'recode',
      summary: 'The code was lost: a new one.',
      payload: asked('i-1003', {
        kind: 'recode',
        booking: 'K4711',
        leg: 'collect',
        code: 'W3H6KB',
        until: NOON + 36 * HOUR,
      }),
    },
    {
      name: 'hand-over',
      summary: 'The brother comes for the car.',
      payload: asked('i-1022', {
        kind: 'hand-over',
        booking: 'K4711',
        to: 'customer',
        code: 'P9K2LM',
        until: NOON + 36 * HOUR,
      }),
    },
    {
      name: 'inform',
      summary: 'The car is in the bay.',
      payload: asked('i-1020', {
        kind: 'inform',
        booking: 'K4711',
        status: 'in the bay',
        ready_at: NOON + 4 * HOUR,
      }),
    },
    {
      name: 'refit',
      summary: 'The bumper does not fit.',
      payload: asked('i-1019', { kind: 'refit', booking: 'K4711' }),
    },
    {
      name: 'open',
      summary: 'Somebody stands before a door and cannot show a code.',
      payload: asked('i-1004', {
        kind: 'open',
        compartment: 'A1',
        reason: 'phone broken',
        by: 'desk 3',
        clear: true,
      }),
    },
    {
      name: 'hold',
      summary: 'A compartment is dirty.',
      payload: asked('i-1005', { kind: 'hold', compartment: 'A2', reason: 'oil inside', by: 'desk 3' }),
    },
    {
      name: 'release',
      summary: 'It is clean again.',
      payload: asked('i-1006', { kind: 'release', compartment: 'A2', by: 'desk 3' }),
    },
    {
      name: 'return',
      summary: 'Somebody mended its latch and gives it back.',
      payload: asked('i-1021', { kind: 'return', compartment: 'A2', by: 'desk 3' }),
    },
    {
      name: 'challenge',
      summary: 'Refused from afar: only whoever stands at the unit gets one.',
      payload: asked('i-1023', { kind: 'challenge', by: 'kim' }),
    },
    {
      name: 'respond',
      summary: 'Refused from afar as well.',
      payload: asked('i-1024', { kind: 'respond', by: 'kim', response: '12345678' }),
    },
    {
      name: 'open-all',
      summary: 'Refused from afar: nobody empties a bank through the network.',
      payload: asked('i-1025', { kind: 'open-all', reason: 'moving house', by: 'kim' }),
    },
    {
      name: 'found',
      summary: 'A glove lay in it.',
      payload: asked('i-1026', {
        kind: 'found',
        compartment: 'A2',
        what: 'one glove, at the desk',
        by: 'kim',
      }),
    },
    {
      name: 'revoke',
      summary: 'A phone was stolen: its token opens nothing any more.',
      payload: asked('i-1018', { kind: 'revoke', list: REVOCATIONS }),
    },
    ...kioskInstructions(asked, NOON),
  ],
}
