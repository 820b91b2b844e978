import type { z } from 'zod'
import type { Entropy } from '../../drivers/host/entropy.ts'
import type { ClearAsk } from './ask.ts'
import type { ClearPersonal, SealedPersonal } from './ask-kiosk.ts'
import { boxPrint, sealBox } from './boxes.ts'
import { type Seal, sealFactor, sealWith } from './codes.ts'
import { digestOf } from './prescription.ts'

/** What is put in the place of secrets where a message comes in. Behind it nobody knows a code, a name or a label. */
export interface Edge {
  code: Seal
  /** The seal of a second factor. */
  factor(prescription: string, digits: string): string
  personal(
    ask: ClearAsk & { kind: 'prescribe' },
    clear: z.output<typeof ClearPersonal>,
  ): z.output<typeof SealedPersonal>
}

/** The edge of one unit, with its key. */
export const edgeOf = (unit: string, key: Uint8Array, entropy: Entropy): Edge => ({
  code: sealWith(key),
  factor: (prescription, digits) => sealFactor(key, prescription, digits),
  personal({ prescription, ...ask }, { label, nonce }) {
    const clear = label.join('\n')
    return {
      digest: digestOf({ ...ask, unit, prescription, nonce, label }),
      print: boxPrint(key, prescription, clear),
      box: sealBox(key, entropy, prescription, clear),
    }
  },
})
