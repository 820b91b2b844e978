const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'

/**
 * Reads base45 (RFC 9285), the text that a QR code holds most tightly: three characters are two bytes, two are one, the
 * lowest digit first. Undefined for a character that is not in it, one left over, and a group that says more than its bytes
 * can hold; so no two texts read alike.
 */
export function fromBase45(text: string): Uint8Array | undefined {
  if (text.length % 3 === 1) return undefined
  const bytes: number[] = []
  for (let at = 0; at < text.length; at += 3) {
    const group = Array.from(text.slice(at, at + 3), letter => ALPHABET.indexOf(letter))
    const value = group.reduceRight((sum, digit) => sum * 45 + digit, 0)
    const pair = group.length === 3
    if (group.includes(-1) || value > (pair ? 0xffff : 0xff)) return undefined
    if (pair) bytes.push(value >> 8)
    bytes.push(value & 0xff)
  }
  return Uint8Array.from(bytes)
}
