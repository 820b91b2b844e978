import { describe, expect, test } from 'vitest'
import { responseTo } from '../../agent/domain/technician-code.ts'
import { site as plain, story } from '../../agent/workflows/story.ts'
import { SiteConfig } from '../../config/site.ts'

// A technician without a network proves who sent them; all doors open for them, or because there is a fire.

const SECRET = new Uint8Array(32).fill(9)
const site = SiteConfig.parse({
  ...plain,
  lines: [...plain.lines, { name: 'contacts', serial: { path: '/dev/contacts' } }],
  devices: [...plain.devices, { name: 'alarms', line: 'contacts', driver: 'modbus-inputs' }],
  access: {
    token_keys: [{ id: 'operator', key: 'xkVLIHuKheUh8UM92ZY9uVVc9SRxr/pIF70cjxbqYNg=' }],
    fire: { device: 'alarms', input: 'fire' },
  },
})

async function unit(secret: Uint8Array | undefined = SECRET) {
  const s = story(site, undefined, secret)
  await s.closedAll()
  const challenge = async () => {
    await s.ask({ kind: 'challenge', by: 'kim' })
    return (
      s
        .lines()
        .find(line => line.startsWith('technician-challenged'))
        ?.split(' ')[1] ?? ''
    )
  }
  const respond = (response: string) => s.ask({ kind: 'respond', by: 'kim', response })
  return {
    ...s,
    challenge,
    respond,
    prove: async () => respond(responseTo(SECRET, await challenge()) ?? ''),
    openAll: () => s.ask({ kind: 'open-all', reason: 'moving', by: 'kim' }),
    fire: (on: boolean, was: boolean | undefined = !on) =>
      s.report('alarms', { type: 'input', name: 'fire', on, was }),
    why: () => s.answers.at(-1),
  }
}

describe('who the operator sent', () => {
  test('is known by the right response, for half an hour, also over a power cut', async () => {
    const s = await unit()
    await s.prove()
    expect(s.lines()).toEqual(['technician-proved kim 1800'])
    await s.cutPower(60)
    expect(s.known().technician).toMatchObject({ by: 'kim' })
    await s.pass(1_800)
    expect(s.lines()).toContain('technician-left kim')
    expect(s.known().technician).toBeUndefined()
  })

  test('a response is good once, for its challenge, within ten minutes', async () => {
    const s = await unit()
    const first = responseTo(SECRET, await s.challenge()) ?? ''
    const second = responseTo(SECRET, await s.challenge()) ?? ''
    expect(second).not.toBe(first)
    await s.respond(first)
    expect(s.lines()).toEqual(['technician-refused kim wrong'])
    await s.pass(601)
    await s.respond(second)
    expect(s.lines()).toEqual(['technician-refused kim no-challenge'])
    await s.prove()
    const used = s.lines().length
    expect(used).toBe(1)
    await s.respond(responseTo(SECRET, 'whatever') ?? '00000000')
    expect(s.lines()).toEqual(['technician-refused kim no-challenge'])
  })

  test('three wrong ones need a new challenge, also where the power goes in between; thirty a day are the end', async () => {
    const s = await unit()
    for (let day = 0; day < 10; day++) {
      await s.challenge()
      for (let tries = 0; tries < 3; tries++) await s.respond('00000000')
      if (day === 4) await s.cutPower(5)
    }
    await s.ask({ kind: 'challenge', by: 'kim' })
    expect(s.why()).toEqual({ outcome: 'refused', why: 'too many responses were wrong within a day' })
  })

  test('nobody proves it from afar, and nowhere without a secret', async () => {
    const s = await unit()
    await s.instruct('i1', { kind: 'challenge', by: 'desk' })
    expect(s.why()?.outcome).toBe('refused')
    const bare = story(site)
    await bare.ask({ kind: 'challenge', by: 'kim' })
    expect(bare.answers.at(-1)).toMatchObject({ outcome: 'refused' })
    expect(bare.lines()).toEqual([])
  })
})

describe('all doors', () => {
  test('open one after the other for a technician who is there, each with its own order', async () => {
    const s = await unit()
    await s.prove()
    s.lines()
    await s.openAll()
    expect(s.opened()).toEqual(['S1'])
    await s.door('S1', true)
    await s.pass(0.7)
    expect(s.opened()).toEqual(['S1', 'M1'])
    await s.door('M1', true)
    await s.pass(0.7)
    await s.door('L1', true)
    expect(s.opened()).toEqual(['S1', 'M1', 'L1'])
    expect(s.lines().filter(line => line.includes('alarm'))).toEqual([])
    await s.door('S1', false)
    expect(s.lines().at(-1)).toBe('open-ended S1 closed')
  })

  test('stay shut without one, and for whoever asks from afar', async () => {
    const s = await unit()
    await s.openAll()
    expect(s.why()).toEqual({
      outcome: 'refused',
      why: 'a technician must prove first that they are there: pawl technician',
    })
    await s.prove()
    await s.instruct('i1', { kind: 'open-all', reason: 'x', by: 'desk' })
    expect(s.why()).toEqual({ outcome: 'refused', why: 'all doors are opened only by somebody who is there' })
    expect(s.opened()).toEqual([])
  })

  test('open because of a fire, whatever is in them and whoever is away; other contacts open nothing', async () => {
    const s = await unit()
    await s.book('K1')
    await s.scan('K1:1111')
    await s.door('S1', true)
    await s.door('S1', false)
    s.acts.length = 0
    await s.report('alarms', { type: 'input', name: 'tamper', on: true, was: false })
    expect(s.opened()).toEqual([])
    await s.fire(true)
    await s.pass(0)
    await s.door('S1', true)
    await s.pass(1.4)
    expect(s.opened()).toEqual(['S1', 'M1', 'L1'])
    expect(s.known().booking('K1')).toMatchObject({ stage: 'stored' })
    expect(s.lines()).toContain('open-all-began fire input fire 3')
  })

  test('a restart ends what waited for its turn; a fire that still burns begins anew', async () => {
    const s = await unit()
    await s.fire(true)
    await s.cutPower(30)
    s.acts.length = 0
    await s.closedAll()
    await s.pass(60)
    expect(s.opened()).toEqual([])
    await s.fire(true, undefined)
    await s.pass(2)
    expect(new Set(s.opened())).toEqual(new Set(['M1', 'L1']))
  })

  test('when the fire alarm ends, nothing more opens', async () => {
    const s = await unit()
    await s.fire(false)
    await s.pass(5)
    expect(s.opened()).toEqual([])
  })
})
