/** Low byte of the sum of all bytes (Kerong SUM). */
export const sum8 = (bytes: Uint8Array): number => {
  let total = 0
  for (const byte of bytes) total += byte
  return total & 0xff
}

/** XOR of all bytes (the BCC of 8A boards). */
export const xor8 = (bytes: Uint8Array): number => {
  let total = 0
  for (const byte of bytes) total ^= byte
  return total
}
