import type { z } from 'zod'
import type { ClearAsk } from '../agent/domain/ask.ts'
import type { InstructionMessage } from '../agent/sync/messages.ts'

type Instruction = z.input<typeof InstructionMessage>
const HOUR = 3_600_000

/** A statement as a pharmacist's software would send it; its signature is that of nobody. */
const STATEMENT = 'hEOhASegWQEA'
/** What a cloud may ask of a kiosk, by way of example. */
export const kioskInstructions = (
  asked: (id: string, ask: z.input<typeof ClearAsk>) => Instruction,
  noon: number,
): { name: string; summary: string; payload: Instruction }[] => [
  {
    name: 'prescribe',
    summary: 'A physician has sent a prescription; a pharmacist reviews it meanwhile.',
    payload: asked('i-1011', {
      kind: 'prescribe',
      prescription: 'RX-20417',
      items: [{ gtin: '00300027597010', packs: 1 }],
      refill: false,
      first_time: true,
      until: noon + 24 * HOUR,
      due: 0,
      partial: false,
      factor: '19670214',
      personal: {
        label: ['Jane Example', 'Take one tablet each morning', 'Dr. A. Physician  RX-20417'],
        nonce: '8f1d2c3b4a59687786a5b4c3d2e1f001',
      },
    }),
  },
  {
    name: 'withdraw',
    summary: 'The physician has changed it.',
    payload: asked('i-1014', {
      kind: 'withdraw',
      prescription: 'RX-20417',
      reason: 'changed by the physician',
      by: 'clinic north',
    }),
  },
  {
    name: 'renew',
    summary: 'Too many wrong tries: a new second factor.',
    payload: asked('i-1013', { kind: 'renew', prescription: 'RX-20417', factor: '482915' }),
  },
  {
    name: 'state',
    summary: 'A pharmacist has released it.',
    payload: asked('i-1012', {
      kind: 'state',
      statement: STATEMENT,
    }),
  },
  {
    name: 'recall',
    summary: 'The maker calls a lot back.',
    payload: asked('i-1015', {
      kind: 'recall',
      recall: 'R-2026-17',
      scope: { gtin: '00300027597010', lot: '628S93R' },
      reason: 'recall of the maker',
      by: 'pharmacist 2',
    }),
  },
  {
    name: 'lift',
    summary: 'The excursion was judged harmless.',
    payload: asked('i-1016', {
      kind: 'lift',
      recall: 'climate-room',
      reason: 'within what the label permits',
      by: 'pharmacist 2',
    }),
  },
  {
    name: 'resolve',
    summary: 'Somebody has looked into the kiosk.',
    payload: asked('i-1017', {
      kind: 'resolve',
      found: 'removed',
      reason: 'pack hung in lane L1, now in the return bin',
      by: 'tech 4',
    }),
  },
  {
    name: 'count',
    summary: 'A lane was counted blind.',
    payload: asked('i-1010', { kind: 'count', lane: 'L1', counted: 7, by: 'tech 4' }),
  },
  {
    name: 'load',
    summary: 'A pharmacy technician stands before lane L1 of a kiosk.',
    payload: asked('i-1007', { kind: 'load', lane: 'L1', by: 'tech 4' }),
  },
  {
    name: 'load-end',
    summary: 'The lane is filled.',
    payload: asked('i-1008', { kind: 'load-end', lane: 'L1', by: 'tech 4' }),
  },
  {
    name: 'remove-pack',
    summary: 'A pack was taken out by hand.',
    payload: asked('i-1009', {
      kind: 'remove-pack',
      gtin: '00300027597010',
      serial: '8898847482518646',
      reason: 'box damaged',
      by: 'tech 4',
    }),
  },
]
