import { expect, test } from 'vitest'
import {
  challenged,
  challengeEnd,
  GOOD_FOR,
  judgeResponse,
  newChallenge,
  noTechnician,
  ocra,
  readChallenge,
  responseTo,
  type TechnicianGate,
  TRIES,
  unitSecret,
  WRONG_A_DAY,
} from './technician-code.ts'

const ALPHABET = '0123456789ABCDEFGHJKMNPQRTVWXYZ'
const DAY = 86_400_000
const MASTER = Uint8Array.from({ length: 32 }, (_, index) => index)
const secret = unitSecret(MASTER, 'clinic-7')
const respond = (challenge: string) => responseTo(secret, challenge)
const chance = (first: number) => Uint8Array.of(first >> 8, first & 0xff, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77)

/** Shows a challenge; its right response, and one that is wrong. */
function show(state: TechnicianGate = noTechnician, at = 0, first = 0x0011) {
  const shown = challenged(state, chance(first), at)
  if (!shown.ok) throw new Error(shown.why)
  const right = respond(shown.challenge) ?? ''
  const wrong = right === '00000000' ? '00000001' : '00000000'
  return { ...shown, right, wrong }
}

const judge = (state: TechnicianGate, typed: string, at = 1_000) =>
  judgeResponse(state, typed, { at, respond })

test.each([
  ['CLI22220SRV11110', '28247970'],
  ['CLI22221SRV11111', '01984843'],
  ['CLI22222SRV11112', '65387857'],
  ['CLI22223SRV11113', '03351211'],
  ['CLI22224SRV11114', '83412541'],
  ['SRV11110CLI22220', '15510767'],
  ['SRV11111CLI22221', '90175646'],
  ['SRV11112CLI22222', '33777207'],
  ['SRV11113CLI22223', '95285278'],
  ['SRV11114CLI22224', '28934924'],
  ['SIG10000', '53095496'],
  ['SIG11000', '04110475'],
  ['SIG12000', '31331128'],
  ['SIG13000', '76028668'],
  ['SIG14000', '46554205'],
])('%s is answered with %s (RFC 6287, appendix C.2 and C.3)', (question, response) => {
  expect(ocra(Buffer.from('12345678901234567890123456789012'), question)).toBe(response)
})

test('the example of TECHNICIAN-CODES.md comes out as it stands there', () => {
  expect(Buffer.from(secret).toString('hex')).toBe(
    '7bb245a240c782c1a6f42a85d3de902a304445ab7a4548f53cc86847d6a211ea',
  )
  expect(newChallenge(chance(0x0011))).toBe('TH69P1PQ')
  expect(respond('TH69P1PQ')).toBe('42230339')
})

test('a response of one unit, or of another operator, opens no other', () => {
  const { state, challenge } = show()
  for (const other of [unitSecret(MASTER, 'clinic-8'), unitSecret(MASTER.slice(1), 'clinic-7')])
    expect(judge(state, responseTo(other, challenge) ?? '').ok).toBe(false)
})

test('a challenge is read as it is heard: small letters, blanks, dashes, and letters for digits they look like', () => {
  expect(readChallenge(' th69-pIpq ')).toBe('TH69P1PQ')
  expect(readChallenge('TH69 PlPQ')).toBe('TH69P1PQ')
  const zeros = newChallenge(new Uint8Array(8))
  expect([zeros, readChallenge('OoOoOoOo')]).toEqual(['00000000', '00000000'])
  const five = Array.from({ length: 200 }, (_, first) => newChallenge(chance(first))).find(text =>
    text.includes('5'),
  )
  expect(five && readChallenge(five.replaceAll('5', 's'))).toBe(five)
})

test.each([
  ['TH69P1P', 'one short'],
  ['TH69P1PQ0', 'one too many'],
  ['TH69P1PU', 'a letter that no challenge has'],
  ['', 'nothing'],
])('%j is no challenge: %s', text => {
  expect(readChallenge(text)).toBeUndefined()
  expect(respond(text)).toBeUndefined()
})

test('one wrong character in a challenge is found, whichever it is', () => {
  for (const first of [0, 0x0011, 0xffff]) {
    const right = newChallenge(chance(first))
    for (let place = 0; place < right.length; place++)
      for (const letter of ALPHABET.replace(right[place] ?? '', ''))
        expect(readChallenge(right.slice(0, place) + letter + right.slice(place + 1))).toBeUndefined()
  }
})

test('two characters of a challenge that changed places are found, wherever they are', () => {
  const right = newChallenge(chance(0x0011))
  for (let one = 0; one < right.length; one++)
    for (let other = 0; other < one; other++) {
      const letters = [...right]
      ;[letters[one], letters[other]] = [right[other] ?? '', right[one] ?? '']
      if (letters[one] !== letters[other]) expect(readChallenge(letters.join(''))).toBeUndefined()
    }
})

test('every character of a challenge takes every value, and none is left without its check', () => {
  const places = Array.from({ length: 8 }, () => new Set<string>())
  let seed = 1n
  for (let round = 0; round < 3_000; round++) {
    seed = (seed * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) % 2n ** 64n
    const bytes = Buffer.alloc(8)
    bytes.writeBigUInt64BE(seed)
    const text = newChallenge(bytes)
    expect(readChallenge(text)).toBe(text)
    for (const [place, letter] of [...text].entries()) places[place]?.add(letter)
  }
  expect(places.map(({ size }) => size)).toEqual(Array(8).fill(31))
})

test('a challenge is made of eight random bytes, no fewer', () => {
  expect(() => newChallenge(new Uint8Array(7))).toThrow('8 random bytes, not of 7')
})

test('the right response is good once', () => {
  const { state, right } = show()
  const judged = judge(state, right)
  expect(judged.ok).toBe(true)
  expect(judge(judged.state, right)).toMatchObject({ ok: false, why: 'no-challenge' })
})

test('a response is good until its challenge is ten minutes old, not later', () => {
  const { state, right } = show(noTechnician, 5_000)
  expect(challengeEnd(state)).toBe(5_000 + GOOD_FOR)
  expect(GOOD_FOR).toBe(600_000)
  expect(judge(state, right, 604_999).ok).toBe(true)
  const late = judge(state, right, 605_000)
  expect(late).toMatchObject({ ok: false, why: 'no-challenge' })
  expect(challengeEnd(late.state)).toBeUndefined()
})

test('after three wrong ones a challenge takes not even the right one', () => {
  let { state, right, wrong } = show()
  for (const why of ['wrong', 'wrong', 'void']) {
    const judged = judge(state, wrong)
    expect(judged).toMatchObject({ ok: false, why })
    state = judged.state
  }
  expect(TRIES).toBe(3)
  expect(judge(state, right)).toMatchObject({ why: 'no-challenge' })
})

test('every digit of a response counts', () => {
  const { state, right } = show()
  for (let place = 0; place < 8; place++) {
    const digit = (Number(right[place]) + 1) % 10
    expect(judge(state, right.slice(0, place) + digit + right.slice(place + 1)).ok).toBe(false)
  }
})

test.each(['', '1234567', '123456789', '1234567a', '1234567\n', '１２３４５６７８'])(
  '%j is no response, and costs no try',
  typed => {
    const { state } = show()
    expect(judge(state, typed)).toEqual({ ok: false, why: 'unreadable', state })
  },
)

test('a new challenge makes the one before void', () => {
  const first = show()
  const second = show(first.state, 10, 0x0012)
  expect(second.challenge).not.toBe(first.challenge)
  expect(judge(second.state, first.right)).toMatchObject({ why: 'wrong' })
  expect(judge(second.state, second.right).ok).toBe(true)
})

test('a unit without a secret, or with one that answers nonsense, takes no response at all', () => {
  const { state, right } = show()
  for (const respond of [() => undefined, () => right.slice(1)])
    expect(judgeResponse(state, right, { at: 1_000, respond })).toMatchObject({ why: 'wrong' })
})

test('a challenge, its tries and the wrong ones of the day survive a restart', () => {
  const { state, right, wrong } = show()
  const kept: TechnicianGate = JSON.parse(JSON.stringify(judge(state, wrong).state))
  expect(judge(kept, wrong)).toEqual(judge(judge(state, wrong).state, wrong))
  expect(judge(judge(kept, wrong).state, right).ok).toBe(true)
})

test('what is kept names no response and no secret', () => {
  const { state, right } = show()
  expect(Object.keys(state.live ?? {})).toEqual(['challenge', 'until', 'triesLeft'])
  expect(JSON.stringify(state)).not.toContain(right)
})

test('a right response does not make up for wrong ones', () => {
  const { state, right, wrong } = show()
  expect(judge(judge(state, wrong).state, right).state.wrong).toHaveLength(1)
})

test('who asks for challenge after challenge gets thirty tries a day, however long they go on', () => {
  let state = noTechnician
  let tries = 0
  let worn = 0
  let most = 0
  for (let at = 0; at < 5 * DAY; at += 60_000) {
    const shown = challenged(state, chance(at % 65_536), at)
    if (!shown.ok) {
      expect(shown.until).toBeGreaterThan(at)
      expect(shown.until).toBeLessThanOrEqual(at + DAY)
      worn++
      continue
    }
    const wrong = respond(shown.challenge) === '00000000' ? '00000001' : '00000000'
    const judged = judge(shown.state, wrong, at)
    state = judged.state
    tries++
    most = Math.max(most, state.wrong.length)
  }
  expect(WRONG_A_DAY).toBe(30)
  expect([tries, most]).toEqual([5 * 30, 30])
  expect(worn).toBe(5 * 1_440 - 5 * 30)
})

test('the thirtieth wrong one of a day ends its challenge at once; a day later there is a new one', () => {
  const { state: shown, right, wrong } = show({ wrong: Array.from({ length: 29 }, (_, each) => each) }, 100)
  const { state, ...judged } = judge(shown, wrong)
  expect(judged).toEqual({ ok: false, why: 'void' })
  expect(judge(state, right).ok).toBe(false)
  expect(challenged(state, chance(1), DAY - 1)).toEqual({ ok: false, why: 'worn-out', until: DAY })
  expect(challenged(state, chance(1), DAY).ok).toBe(true)
})

test('challenges that nobody answers cost nothing', () => {
  let { state } = show()
  for (let at = 0; at < 1_000; at++) state = show(state, at, at).state
  expect(state.wrong).toEqual([])
  expect(JSON.stringify(state).length).toBeLessThan(200)
})

test('wrong ones are forgotten when they are a day old', () => {
  const state = show({ wrong: [1, 2] }, DAY + 1).state
  expect(state.wrong).toEqual([2])
  expect(judge(state, show().wrong, DAY + 2).state.wrong).toEqual([DAY + 2])
})
