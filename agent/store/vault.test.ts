import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { systemEntropy } from '../../drivers/host/entropy.ts'
import { sealBox } from '../domain/boxes.ts'
import { openStore } from './open.ts'

const KEY = new Uint8Array(32).fill(5)
const folder = mkdtempSync(join(tmpdir(), 'pawl-vault-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Whether some bytes stand anywhere in the files of a store, its log included. */
const lies = (name: string, what: string | Buffer): boolean =>
  readdirSync(folder)
    .filter(file => file.startsWith(name))
    .some(file => readFileSync(join(folder, file)).includes(what))

test('what was destroyed is nowhere on the disk: not in the file, not in a free page, not in the log', () => {
  const store = openStore(join(folder, 'one.db'), KEY, systemEntropy)
  // Long enough for pages of their own, and enough of them for some to become free.
  const boxes = Array.from({ length: 60 }, (_, index) => ({
    name: `RX${index}`,
    box: sealBox(KEY, systemEntropy, `RX${index}`, `Zebulon Quisling ${index} ${'x'.repeat(index * 40)}`),
  }))
  for (const { name, box } of boxes) store.atomically(() => store.vault.save(name, box))
  for (const { box } of boxes) expect(lies('one', box.key)).toBe(true)
  for (const { name } of boxes) store.atomically(() => store.vault.remove(name))
  // The log still has it: without a scrub the promise would not hold.
  expect(boxes.some(({ box }) => lies('one', box.key))).toBe(true)
  expect(store.scrub()).toBe(true)
  for (const { box } of boxes) {
    expect(lies('one', box.key)).toBe(false)
    expect(lies('one', box.data.slice(0, 120))).toBe(false)
  }
  expect(lies('one', 'Zebulon')).toBe(false)
  store.close()
})

test('one that is destroyed does not take the others with it', () => {
  const store = openStore(join(folder, 'two.db'), KEY, systemEntropy)
  const [kept, gone] = ['RX1', 'RX2'].map(name => sealBox(KEY, systemEntropy, name, 'A. Patient'))
  if (!kept || !gone) throw new Error('two boxes')
  store.atomically(() => {
    store.vault.save('RX1', kept)
    store.vault.save('RX2', gone)
  })
  store.atomically(() => store.vault.remove('RX2'))
  expect(store.scrub()).toBe(true)
  expect(store.vault.get('RX1')).toEqual(kept)
  expect(store.vault.get('RX2')).toBeUndefined()
  expect(lies('two', kept.key)).toBe(true)
  store.close()
})
