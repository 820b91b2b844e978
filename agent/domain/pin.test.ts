import { expect, test } from 'vitest'
import { isPin, pinIsRight, sealPin } from './pin.ts'

const salt = Uint8Array.from({ length: 16 }, (_, index) => index)

test('a PIN is known again by its seal, and no other is', () => {
  const sealed = sealPin('482915', salt)
  expect(sealed).toMatch(/^scrypt\$4096\$AAECAwQFBgcICQoLDA0ODw==\$[A-Za-z0-9+/]{43}=$/)
  expect(pinIsRight('482915', sealed)).toBe(true)
  for (const other of ['482914', '48291', '4829150', '', ' 482915'])
    expect(pinIsRight(other, sealed)).toBe(false)
})

test('one PIN has another seal with another salt, and nothing that is no seal fits', () => {
  expect(sealPin('482915', salt)).not.toBe(sealPin('482915', salt.toReversed()))
  for (const nonsense of ['', '482915', 'scrypt$4096$$', 'scrypt$1$AAECAwQFBgcICQoLDA0ODw==$x'])
    expect(pinIsRight('482915', nonsense)).toBe(false)
})

test('a PIN has four to twelve digits', () => {
  expect(['1234', '123456789012'].every(isPin)).toBe(true)
  expect(['123', '1234567890123', '12a4', ''].some(isPin)).toBe(false)
})
