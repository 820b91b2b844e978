import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pinIsRight } from '../domain/pin.ts'
import type { Call } from './command.ts'
import { Stop } from './exit.ts'
import { pin } from './pin.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pawl-pin-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function pawl(digits: string | undefined): Promise<string> {
  const file = join(folder, 'pin.txt')
  if (digits !== undefined) writeFileSync(file, digits)
  const said: string[] = []
  const call: Call = {
    words: [digits === undefined ? join(folder, 'none') : file],
    text: () => undefined,
    flag: () => false,
    json: false,
    say: line => void said.push(line),
    tell: () => {},
    agent: () => {
      throw new Stop('away', 'No agent is running.')
    },
    site: undefined,
    user: 'tech',
  }
  try {
    await pin.run(call)
  } catch (stop) {
    if (stop instanceof Stop) return stop.message
    throw stop
  }
  return said.join()
}

test('it prints the line for the site file, which fits the digits, and never the digits', async () => {
  const line = await pawl('482915\n')
  expect(line).not.toContain('482915')
  expect(pinIsRight('482915', line.slice("pin: '".length, -1))).toBe(true)
  expect(await pawl('482915')).not.toBe(line)
})

test.each(['12', '12 34', 'abcd', ''])('%j is no PIN', async digits => {
  expect(await pawl(digits)).toBe('A PIN has four to twelve digits and nothing else.')
})

test('a file that is not there is said', async () => {
  expect(await pawl(undefined)).toContain('cannot be read')
})
