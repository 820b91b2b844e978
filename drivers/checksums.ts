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

/** CRC-16/Modbus: reflected polynomial A001, begun with FFFF. On the wire its low byte goes first. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0xffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1
  }
  return crc
}

/** CRC-CCITT as scanner modules use it: polynomial 1021, begun with 0, not reflected. */
export function crcCcitt(bytes: Uint8Array): number {
  let crc = 0
  for (const byte of bytes) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff
  }
  return crc
}

/** Two's complement of the sum of all bytes, 16 bits (Symbol SSI). */
export const negSum16 = (bytes: Uint8Array): number => {
  let total = 0
  for (const byte of bytes) total += byte
  return -total & 0xffff
}
