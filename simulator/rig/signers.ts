import { newSigner } from '../cloud/mint.ts'

/** Whose tokens open the doors of the rig. */
export const operator = newSigner('operator', new Uint8Array(32).fill(5))
/** Has the operator's name and another key. */
export const stranger = newSigner('operator', new Uint8Array(32).fill(6))
