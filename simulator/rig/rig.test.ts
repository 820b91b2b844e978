import { expect, test } from 'vitest'
import { run } from './run.ts'

test('the same seed tells the same story, byte for byte', async () => {
  for (let seed = 1; seed <= 25; seed++)
    expect((await run(seed)).digest, `seed ${seed}`).toBe((await run(seed)).digest)
}, 120_000)

test('another seed tells another story', async () => {
  const digests = new Set<string>()
  for (let seed = 1; seed <= 10; seed++) digests.add((await run(seed)).digest)
  expect(digests.size).toBe(10)
}, 60_000)
