import { expect, test } from 'vitest'
import { systemEntropy } from '../../drivers/host/entropy.ts'
import { sealWith } from '../domain/codes.ts'
import { edgeOf } from '../domain/edge.ts'
import { LARGEST, readInstruction, topicsOf } from './messages.ts'

const seal = sealWith(new Uint8Array(32))
const edge = edgeOf('u', new Uint8Array(32), systemEntropy)
const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))
const leg = (code: string) => ({ by: 'customer', code, until: 5 })
const booking = {
  v: 1,
  id: 'i1',
  expires: 9,
  ask: { kind: 'book', booking: 'B1', size: 'S', deposit: leg('QUIET1234'), collect: leg('QUIET5678') },
}

test('codes are sealed, each for its booking and leg, before anybody sees the instruction', () => {
  const read = readInstruction(bytes(booking), edge)
  expect(read).toMatchObject({
    ok: true,
    instruction: {
      id: 'i1',
      ask: {
        deposit: { code: seal('B1', 'deposit', 'QUIET1234') },
        collect: { code: seal('B1', 'collect', 'QUIET5678') },
      },
    },
  })
  expect(JSON.stringify(read)).not.toContain('QUIET')
})

test('a new code for a leg is sealed too', () => {
  const ask = { kind: 'recode', booking: 'B1', leg: 'collect', code: 'QUIET9999', until: 7 }
  const read = readInstruction(bytes({ ...booking, ask }), edge)
  expect(read).toMatchObject({ ok: true, instruction: { ask: { code: seal('B1', 'collect', 'QUIET9999') } } })
})

const cases: [what: string, payload: Uint8Array, id: string | undefined][] = [
  ['empty', bytes(''), undefined],
  ['not JSON', bytes('{"id":"i1","code":"QUIET1234"'), undefined],
  ['not UTF-8', Uint8Array.of(0x22, 0xc3, 0x28, 0x22), undefined],
  ['of another version', bytes({ ...booking, v: 2 }), 'i1'],
  ['with a key nobody knows', bytes({ ...booking, urgent: true }), 'i1'],
  ['with an ask nobody knows', bytes({ ...booking, ask: { kind: 'dance' } }), 'i1'],
  ['without an end', bytes({ ...booking, expires: undefined }), 'i1'],
  ['with a code that is none', bytes({ ...booking, ask: { ...booking.ask, deposit: leg('QUIET!') } }), 'i1'],
  ['with an id that is none', bytes({ ...booking, id: 'a b' }), undefined],
  ['too large', bytes({ ...booking, x: 'x'.repeat(LARGEST) }), undefined],
  ['null', bytes('null'), undefined],
]

test.each(cases)(
  'an instruction that is %s is refused in one sentence that repeats no code',
  (_what, payload, id) => {
    const read = readInstruction(payload, edge)
    expect(read).toMatchObject({ ok: false, ...(id === undefined ? {} : { id }) })
    if (read.ok) return
    expect(read.id).toBe(id)
    expect(read.says.length).toBeGreaterThan(5)
    expect(read.says.length).toBeLessThanOrEqual(200)
    expect(read.says).not.toContain('QUIET')
  },
)

test('each channel of a unit has its own topic under the operator’s root', () => {
  expect(topicsOf('acme/lockers', 'U7')).toEqual({
    birth: 'acme/lockers/U7/birth',
    death: 'acme/lockers/U7/death',
    journal: 'acme/lockers/U7/journal',
    telemetry: 'acme/lockers/U7/telemetry',
    confirm: 'acme/lockers/U7/confirm',
    instruction: 'acme/lockers/U7/instruction',
  })
})
