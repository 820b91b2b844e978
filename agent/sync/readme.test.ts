import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ClearAsk } from '../domain/ask.ts'
import { chainInspector, ROOT } from '../domain/chain.ts'
import { Entry } from '../domain/journal.ts'
import { channels, InstructionMessage, JournalBatch, LARGEST, topicsOf } from './messages.ts'
import { IN_FLIGHT, KEEPALIVE_SECONDS, LARGEST_PACKET, SESSION_SECONDS } from './mqtt-uplink.ts'
import { WINDOW } from './upload.ts'

const readme = readFileSync('agent/sync/README.md', 'utf8')
const blocks = (language: string): string[] =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, text = '']) => text)

const [text = '', instruction = ''] = blocks('json')
const batch = JournalBatch.parse(JSON.parse(text))
/** The rows with their entries as they stand in the text. */
const raw = [...text.matchAll(/"entry":(\{.*\}),"hash"/g)].map(([, entry = ''], index) => {
  const { seq = 0, at = 0, hash = '' } = batch.rows[index] ?? {}
  return { seq, at, entry, hash }
})

type HashOf = (before: string, row: { seq: number; at: number }, entry: string) => string

/** The program that the text gives to whoever writes the other side. */
async function given(): Promise<HashOf> {
  const [code = ''] = blocks('js')
  const { hashOf } = await import(`data:text/javascript,${encodeURIComponent(code)}`)
  return hashOf
}

test('the batch to try on is verified by the program beside it, from the text or from the value', async () => {
  const hashOf = await given()
  expect(batch.prev).toBe(ROOT)
  expect(raw).toHaveLength(3)
  for (const [index, { seq, at, entry, hash }] of raw.entries()) {
    const before = raw[index - 1]?.hash ?? batch.prev
    expect(hashOf(before, { seq, at }, entry)).toBe(hash)
    expect(hashOf(before, { seq, at }, JSON.stringify(batch.rows[index]?.entry))).toBe(hash)
    expect(hashOf(before, { seq, at: at + 1 }, entry)).not.toBe(hash)
    expect(hashOf(before, { seq: seq + 1, at }, entry)).not.toBe(hash)
    expect(hashOf(before, { seq, at }, entry.replace('a', 'b'))).not.toBe(hash)
    expect(hashOf('f'.repeat(64), { seq, at }, entry)).not.toBe(hash)
  }
})

test('the unit verifies the same batch', () => {
  const inspector = chainInspector()
  raw.forEach(inspector.take)
  expect(inspector.found()).toMatchObject({ breaks: [], rows: 3 })
})

test('the line for the shell prints the hash of the first row', () => {
  const [line = ''] = blocks('sh')
  expect(execFileSync('sh', ['-c', line], { encoding: 'utf8' }).slice(0, 64)).toBe(raw[0]?.hash)
})

test('the batch is the one in the AsyncAPI document, and so is the instruction', () => {
  const { components } = JSON.parse(readFileSync('agent/sync/asyncapi.json', 'utf8'))
  const payloads = (name: string) =>
    components.messages[name].examples.map(({ payload }: { payload: unknown }) => payload)
  expect(payloads('journal')).toContainEqual(batch)
  expect(payloads('instruction')).toContainEqual(InstructionMessage.parse(JSON.parse(instruction)))
})

test('every topic, every ask and every outcome is told', () => {
  for (const [name, topic] of Object.entries(topicsOf('ROOT', 'UNIT'))) {
    const { from } = channels[name as keyof typeof channels]
    const says = name === 'death' ? 'broker, for the unit' : from
    expect(readme).toContain(`| \`${topic}\` | ${says} |`)
  }
  for (const { shape } of ClearAsk.options) expect(readme).toContain(`| \`${shape.kind.value}\` |`)
  const ended = Entry.options.find(({ shape }) => shape.type.value === 'instruction-ended')
  const outcomes = ended && 'outcome' in ended.shape ? ended.shape.outcome.options : []
  expect(outcomes.length).toBeGreaterThan(3)
  for (const outcome of outcomes) expect(readme).toContain(`| \`${outcome}\` |`)
})

test('the numbers are those of the code', () => {
  const words = readme.replace(/\s+/g, ' ')
  expect(words).toContain(`keepalive is ${KEEPALIVE_SECONDS} seconds`)
  expect(words).toContain(`session for ${SESSION_SECONDS / 86_400} days`)
  expect(words).toContain(
    `at most ${IN_FLIGHT} messages at once and at most ${LARGEST_PACKET / 1_024} KiB each`,
  )
  expect(words).toContain(`More than ${LARGEST / 1_024} KiB is never read`)
  expect(words).toContain(`${WINDOW.toLocaleString('en')} at most`)
})
