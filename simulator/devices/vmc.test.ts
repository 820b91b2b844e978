import { expect, test } from 'vitest'
import { fromHex, toHex } from '../workbench.ts'
import { virtualClock } from '../world/clock.ts'
import { lane, type VmcSettings, type VmcWorld, vmc, vmcWorld } from './vmc.ts'

const POLL = 'FA FB 41 00 40'
const ACK = 'FA FB 42 00 43'

const hex = (bytes: number[]) =>
  toHex(Uint8Array.from([...bytes, bytes.reduce((all, byte) => all ^ byte, 0)]))
const command = (code: number, pack: number, ...text: number[]) =>
  hex([0xfa, 0xfb, code, text.length + 1, pack, ...text])

/** A controller and an agent that answers whatever is in `answers`, else ACK; undefined keeps silent. */
function table(world: VmcWorld, settings: VmcSettings = {}) {
  const clock = virtualClock({ wall: 0 })
  const said: { at: number; frame: string }[] = []
  const answers: string[] = []
  const agent = { silent: false, thinks: 10 }
  const { now } = clock
  const { receive } = vmc(
    settings,
    world,
  )({
    now,
    after: clock.after,
    ruined: () => {},
    send(bytes) {
      const frame = toHex(bytes)
      said.push({ at: now(), frame })
      if (agent.silent || frame === ACK) return
      const answer = frame === POLL ? (answers.shift() ?? ACK) : ACK
      clock.after(agent.thinks, () => receive(fromHex(answer)))
    },
  })
  return {
    clock,
    agent,
    said,
    answers,
    receive,
    frames: () => said.map(({ frame }) => frame),
    /** Answers the next polls with these, and tells CMD and text of every packet until `wait` is over. */
    async tell(wait: number, ...frames: string[]): Promise<string[]> {
      answers.push(...frames)
      said.length = 0
      await clock.pass(wait)
      return packets(said.map(({ frame }) => frame))
    },
  }
}

/** Without head, number and XOR: `04 02 00 0D`. */
const packets = (frames: string[]): string[] =>
  frames
    .filter(frame => frame !== POLL && frame !== ACK)
    .map(frame => `${frame.slice(6, 8)} ${frame.slice(15, -3)}`.trim())

const numbers = (frames: string[]) =>
  frames
    .filter(frame => frame !== POLL && frame !== ACK)
    .map(frame => Number.parseInt(frame.slice(12, 14), 16))

/** After the synchronising and its slot reports. */
async function ready(world: VmcWorld, settings: VmcSettings = {}) {
  const made = table(world, settings)
  await made.clock.pass(2_000)
  return made
}

const drive = (selection: number, { pack = 1, sensor = 1, elevator = 0 } = {}) =>
  command(0x06, pack, sensor, elevator, 0, selection)

test('it begins with 31, hears 31 in answer to its poll, and then reports each slot', async () => {
  const world = vmcWorld(
    [13, { ...lane(), price: 500, product: 7 }],
    [14, { ...lane('drops', 2), paused: true }],
  )
  const { frames, answers, clock } = table(world)
  answers.push('FA FB 31 01 01 30')
  await clock.pass(1_050)
  expect(frames()).toEqual([
    'FA FB 31 01 01 30',
    POLL,
    ACK,
    command(0x11, 2, 0, 13, 0, 0, 1, 0xf4, 5, 10, 0, 7, 0),
    command(0x11, 3, 0, 14, 0, 0, 0, 0, 2, 10, 0, 0, 1),
    POLL,
  ])
  expect(command(0x11, 0x16, 0, 13, 0, 0, 1, 0xf4, 5, 10, 0, 7, 0)).toBe(
    'FA FB 11 0C 16 00 0D 00 00 01 F4 05 0A 00 07 00 FA',
  )
})

test('it polls every 200 ms, and as often as it is told to with 16, never less than every two seconds', async () => {
  const { tell, said } = await ready(vmcWorld())
  const gaps = () => said.filter(({ frame }) => frame === POLL).map(({ at }) => at)
  const between = () => gaps().map((at, index, all) => at - (all[index - 1] ?? at))
  await tell(1_000)
  expect(between()).toEqual([0, 200, 200, 200, 200])
  await tell(1_500, 'FA FB 16 02 03 05 13')
  expect(between().slice(-2)).toEqual([500, 500])
  await tell(2_100, command(0x16, 4, 21), command(0x16, 5, 0))
  expect(between().slice(-2)).toEqual([500, 500])
  await tell(1_500, 'FA FB 16 02 06 02 11')
  expect(between().slice(-2)).toEqual([200, 200])
})

test('with the drop sensor on, success means that something fell', async () => {
  const world = vmcWorld([60, lane()])
  const { tell, clock } = await ready(world, { turnMillis: 1_000 })
  const before = clock.now()
  expect(await tell(2_000, 'FA FB 06 05 A6 01 00 00 3C 99')).toEqual(['04 01 00 3C', '04 02 00 3C'])
  expect(world.lanes.get(60)).toMatchObject({ stock: 4, turned: 1, dropped: [{ at: before + 1_210 }] })
})

test.each([
  ['drops', 1, 5, ['04 01 00 0D', '04 02 00 0D'], 1],
  ['drops', 1, 0, ['04 01 00 0D', '04 03 00 0D'], 0],
  ['drops', 0, 0, ['04 01 00 0D', '04 02 00 0D'], 0],
  ['jams', 1, 5, ['04 01 00 0D', '04 03 00 0D'], 0],
  ['jams', 0, 5, ['04 01 00 0D', '04 03 00 0D'], 0],
  ['no-drop', 1, 5, ['04 01 00 0D', '04 03 00 0D'], 0],
  ['no-drop', 0, 5, ['04 01 00 0D', '04 02 00 0D'], 0],
  ['double-drop', 1, 5, ['04 01 00 0D', '04 02 00 0D'], 2],
  ['double-drop', 1, 1, ['04 01 00 0D', '04 02 00 0D'], 1],
  ['does-not-stop', 1, 5, ['04 01 00 0D', '04 04 00 0D'], 2],
  ['no-motor', 1, 5, ['04 06 00 0D'], 0],
] as const)('a lane that %s, sensor %i, stock %i', async (works, sensor, stock, told, fallen) => {
  const driven = lane(works, stock)
  const { tell } = await ready(vmcWorld([13, driven]), { turnMillis: 1_000 })
  expect(await tell(3_000, drive(13, { sensor }))).toEqual(told)
  expect(driven.dropped).toHaveLength(fallen)
  expect(driven.stock).toBe(stock - fallen)
  expect(driven.turned).toBe(works === 'no-motor' ? 0 : 1)
})

test('a selection that is not there has no motor', async () => {
  const { tell } = await ready(vmcWorld())
  expect(await tell(1_000, drive(13))).toEqual(['04 06 00 0D'])
})

test('with the elevator on it goes up, turns and comes down, and the pack lies in it until it is taken', async () => {
  const world = vmcWorld([13, lane()])
  const { tell } = await ready(world)
  const up = 'FA FB 06 05 01 01 01 00 0D 0E'
  expect(await tell(9_000, up)).toEqual(['04 01 00 0D', '04 10 00 0D', '04 11 00 0D', '04 02 00 0D'])
  expect(world.inElevator).toBe(true)
  expect(await tell(1_000, 'FA FB 53 01 05 56')).toEqual(['54 01'])
  expect(await tell(1_000, drive(13, { pack: 6, elevator: 1 }))).toEqual(['04 07 00 0D'])
  world.inElevator = false
  expect(await tell(1_000, 'FA FB 53 01 07 54')).toEqual(['54 00'])
})

test('the elevator fails before, on its way up and on its way down', async () => {
  const world = vmcWorld([13, lane()])
  const { tell, clock } = await ready(world, { turnMillis: 1_000, liftMillis: 1_000 })
  world.elevator = 'error'
  expect(await tell(1_000, drive(13, { elevator: 1 }))).toEqual(['04 07 00 0D'])

  world.elevator = 'works'
  clock.after(800, () => {
    world.elevator = 'error'
  })
  expect(await tell(3_000, drive(13, { pack: 2, elevator: 1 }))).toEqual([
    '04 01 00 0D',
    '04 10 00 0D',
    '04 12 00 0D',
  ])
  expect(world.lanes.get(13)?.turned).toBe(0)

  world.elevator = 'works'
  clock.after(2_600, () => {
    world.elevator = 'error'
  })
  const told = await tell(5_000, drive(13, { pack: 3, elevator: 1 }))
  expect(told).toEqual(['04 01 00 0D', '04 10 00 0D', '04 11 00 0D', '04 13 00 0D'])
  expect(world).toMatchObject({ inElevator: true })
  expect(world.lanes.get(13)?.dropped).toHaveLength(1)
})

test('the delivery door keeps the elevator still, and 54 tells of it', async () => {
  const world = vmcWorld([13, lane()])
  const { tell } = await ready(world)
  expect(await tell(1_000, 'FA FB 53 01 05 56')).toEqual(['54 00'])
  world.deliveryDoor = 'open'
  expect(await tell(1_000, command(0x53, 6))).toEqual(['54 02'])
  expect(await tell(1_000, drive(13, { elevator: 1 }))).toEqual(['04 07 00 0D'])
  world.elevator = 'error'
  expect(await tell(1_000, command(0x53, 8))).toEqual(['54 03'])
})

test('a selection is checked for whatever keeps it from being had', async () => {
  const world = vmcWorld([13, lane()], [14, lane('drops', 0)], [15, { ...lane(), paused: true }])
  const { tell } = await ready(world)
  const ask = (selection: number, pack: number) => tell(1_200, command(0x01, pack, 0, selection))
  expect(await tell(1_200, 'FA FB 01 03 02 00 0D 0C')).toEqual(['02 01 00 0D'])
  // The documented length is one more than its fields.
  expect(await tell(1_200, command(0x01, 3, 0, 13, 0))).toEqual(['02 01 00 0D'])
  expect(await ask(14, 4)).toEqual(['02 02 00 0E'])
  expect(await ask(15, 5)).toEqual(['02 04 00 0F'])
  expect(await ask(16, 6)).toEqual(['02 03 00 10'])
  world.elevator = 'error'
  expect(await ask(13, 7)).toEqual(['02 07 00 0D'])
  world.deliveryDoor = 'open'
  expect(await ask(13, 8)).toEqual(['02 06 00 0D'])
  world.inElevator = true
  expect(await ask(13, 9)).toEqual(['02 05 00 0D'])
})

test('a purchase minds the stock, a drive does not', async () => {
  const world = vmcWorld([13, lane('drops', 1)])
  const { tell } = await ready(world, { turnMillis: 500 })
  expect(await tell(2_000, 'FA FB 03 03 01 00 0D 0D')).toEqual(['04 01 00 0D', '04 02 00 0D'])
  expect(await tell(2_000, command(0x03, 2, 0, 13))).toEqual(['02 02 00 0D'])
  expect(await tell(2_000, drive(13, { pack: 3 }))).toEqual(['04 01 00 0D', '04 03 00 0D'])
})

test('a cancel stops a drive before anything fell, and ends a selection', async () => {
  const world = vmcWorld([13, lane()])
  const { tell } = await ready(world)
  expect(await tell(5_000, drive(13), ACK, 'FA FB 05 03 04 00 00 03')).toEqual(['04 01 00 0D', '04 FF 00 0D'])
  expect(world.lanes.get(13)?.dropped).toEqual([])
  expect(await tell(1_500, command(0x05, 5, 0, 13), command(0x05, 6, 0, 0))).toEqual(['04 FF 00 0D'])
  expect(await tell(1_500, command(0x05, 7, 0, 0))).toEqual([])
})

test('a cancel is too late once the pack has fallen', async () => {
  const world = vmcWorld([13, lane()])
  const { tell } = await ready(world, { turnMillis: 100, liftMillis: 2_000 })
  expect(await tell(2_900, drive(13, { elevator: 1 }))).toEqual(['04 01 00 0D', '04 10 00 0D', '04 11 00 0D'])
  expect(await tell(3_000, command(0x05, 9, 0, 0))).toEqual(['04 02 00 0D'])
})

test('while one drive is under way another is acknowledged and let pass', async () => {
  const world = vmcWorld([13, lane()], [14, lane()])
  const { tell, frames } = await ready(world)
  expect(await tell(5_000, drive(13), drive(14, { pack: 2 }))).toEqual(['04 01 00 0D', '04 02 00 0D'])
  expect(frames().filter(frame => frame === ACK)).toHaveLength(2)
  expect(world.lanes.get(14)?.turned).toBe(0)
})

test('a command with the same number is acknowledged again and not acted on again', async () => {
  const world = vmcWorld([13, lane()])
  const { tell, frames } = await ready(world, { turnMillis: 100 })
  await tell(2_000, drive(13), drive(13), drive(13))
  expect(frames().filter(frame => frame === ACK)).toHaveLength(3)
  expect(world.lanes.get(13)?.turned).toBe(1)
  await tell(2_000, drive(13))
  expect(world.lanes.get(13)?.turned).toBe(2)
})

test('it can lose a command, or only the ACK', async () => {
  const world = vmcWorld([13, lane()])
  let lost: 'unheard' | 'ack-lost' | undefined = 'unheard'
  const { tell, frames } = await ready(world, { refuse: () => lost })
  expect(await tell(1_000, drive(13))).toEqual([])
  lost = 'ack-lost'
  expect(await tell(1_000, drive(13, { pack: 2 }))).toEqual(['04 01 00 0D'])
  expect(frames()).not.toContain(ACK)
  lost = undefined
  expect(await tell(5_000, drive(13, { pack: 2 }))).toEqual(['04 02 00 0D'])
  expect(world.lanes.get(13)?.turned).toBe(1)
})

test('a packet without an ACK is repeated five times with its number, then given up, and the polls go on', async () => {
  const world = vmcWorld()
  const { agent, frames, clock } = table(world)
  agent.silent = true
  await clock.pass(1_700)
  expect(frames()).toEqual([...Array(6).fill('FA FB 31 01 01 30'), POLL, POLL])
  expect(world).toMatchObject({ gaveUp: 1, unanswered: 8 })
})

test('its numbers go from 1 to 255 and never through 0', async () => {
  const { answers, clock, frames } = table(vmcWorld(), { pollMillis: 20 })
  for (let pack = 1; pack <= 260; pack++) answers.push(command(0x53, (pack % 255) + 1))
  await clock.pass(60_000)
  const all = numbers(frames())
  expect(all).toHaveLength(261)
  expect(all.slice(0, 2)).toEqual([1, 2])
  expect(all.slice(254, 257)).toEqual([255, 1, 2])
})

test('an answer after more than 100 ms is no answer', async () => {
  const world = vmcWorld([13, lane()])
  const { tell, agent, frames } = await ready(world)
  expect(world.unanswered).toBe(0)
  agent.thinks = 101
  await tell(1_010, drive(13))
  expect(frames()).not.toContain(ACK)
  expect(world.lanes.get(13)?.turned).toBe(0)
  expect(world.unanswered).toBe(4)
  expect(new Set(world.lastAnswerMillis)).toEqual(new Set([10, 101]))
})

test('a command that nobody asked for meets with silence, and so does one in the place of an ACK', async () => {
  const world = vmcWorld([13, lane()])
  const { tell, receive, clock, agent, said } = await ready(world)
  await clock.pass(50)
  said.length = 0
  receive(fromHex(drive(13)))
  expect(said).toEqual([])

  await tell(150, command(0x53, 9))
  agent.silent = true
  await clock.pass(200)
  said.length = 0
  receive(fromHex(drive(13)))
  expect(said).toEqual([])
  expect(world.lanes.get(13)?.turned).toBe(0)
})

test('a command comes whole out of noise, pieces and half frames', async () => {
  const world = vmcWorld([13, lane()])
  const { agent, clock, receive, said } = await ready(world)
  agent.silent = true
  for (const before of ['', 'FA', 'FA FB', '00 FA FA FB FF', 'FA FB 42 00 44', 'FA FB 06 05']) {
    const pack = 1 + before.length
    await clock.pass(190 - (clock.now() % 200))
    said.length = 0
    await clock.pass(20)
    for (const byte of fromHex(`${before} ${command(0x99, pack)}`)) receive(Uint8Array.of(byte))
    expect(said.map(({ frame }) => frame)).toEqual([POLL, ACK])
  }
})

test('FA FB inside a text is text', async () => {
  const { tell } = await ready(vmcWorld([0xfafb, lane()]))
  expect(await tell(500, command(0x01, 2, 0xfa, 0xfb))).toEqual(['02 01 FA FB'])
})

test('every flipped bit of a drive meets with silence', async () => {
  const request = fromHex(drive(13))
  const world = vmcWorld([13, lane()])
  for (let bit = 0; bit < request.length * 8; bit++) {
    const spoilt = request.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
    const { tell, frames } = table(world)
    await tell(600, toHex(spoilt))
    expect(frames()).not.toContain(ACK)
  }
  expect(world.lanes.get(13)?.turned).toBe(0)
})

test('an unknown or short command is acknowledged and nothing comes of it', async () => {
  const { tell, frames } = await ready(vmcWorld([13, lane()]))
  expect(await tell(1_000, command(0x99, 1), command(0x06, 2, 1), command(0x01, 3))).toEqual([])
  expect(frames().filter(frame => frame === ACK)).toHaveLength(3)
})

test('52 tells of the machine in forty bytes', async () => {
  const { tell, frames } = await ready(vmcWorld())
  await tell(500, command(0x51, 1))
  expect(
    frames()
      .find(frame => frame.startsWith('FA FB 52 28'))
      ?.split(' '),
  ).toHaveLength(45)
})

test('each power-up starts over with 31 and number 1', async () => {
  const world = vmcWorld([13, lane()])
  for (const _ of [1, 2]) {
    const { frames, clock } = table(world)
    await clock.pass(250)
    expect(frames()).toEqual(['FA FB 31 01 01 30'])
  }
})
