import { expect, test } from 'vitest'
import { workbench } from '../workbench.ts'
import { type FirmataSettings, firmataBoard, type Pins } from './firmata-board.ts'

const VERSION = 'F9 02 05'
const NAME =
  'F0 79 02 05 53 00 74 00 61 00 6E 00 64 00 61 00 72 00 64 00 46 00 69 00 72 00 6D 00 61 00 74 00 61 00 2E 00 69 00 6E 00 6F 00 F7'

/** What the pins are wired to here. `told` is what the board did to them. */
function wiring() {
  const told: string[] = []
  const levels = new Map<number, boolean>()
  const volts = new Map<number, number>()
  let hears = (_pin: number) => {}
  const pins: Pins = {
    high: pin => levels.get(pin),
    analog: channel => volts.get(channel) ?? 0,
    driven: (pin, value, as) => void told.push(`${pin} ${as} ${value}`),
    stepped: (device, position) => void told.push(`stepper ${device} at ${position}`),
    watch(changed) {
      hears = changed
      return () => {}
    },
  }
  return {
    pins,
    volts,
    /** Tells what was done to the pins since it was last asked. */
    done: () => told.splice(0),
    put(pin: number, high: boolean) {
      levels.set(pin, high)
      hears(pin)
    },
  }
}

const powered = (settings: FirmataSettings = {}) => {
  const wires = wiring()
  return { ...wires, ...workbench(() => firmataBoard(settings, wires.pins), 1) }
}

async function booted(settings: FirmataSettings = {}) {
  const board = powered(settings)
  await board.hear(2_000)
  board.done()
  return board
}

test('as it boots it tells its version and name unasked, once', async () => {
  const { hear } = powered({ bootMillis: 1_500 })
  expect(await hear(1_400)).toEqual([])
  expect(await hear(200)).toEqual([VERSION, NAME])
  expect(await hear(60_000)).toEqual([])
})

test('asked again it tells both again', async () => {
  const { say } = await booted()
  expect(await say('F9 F0 79 F7')).toEqual([VERSION, NAME])
})

test('a silent board tells both when asked', async () => {
  const { hear, say } = powered({ silentBoot: true })
  expect(await hear(5_000)).toEqual([])
  expect(await say('F9 F0 79 F7')).toEqual([VERSION, NAME])
})

test('firmware without a name tells its version only, whatever it is asked', async () => {
  const { hear, say } = powered({ noFirmware: true })
  expect(await hear(5_000)).toEqual([VERSION])
  expect(await say('F9 F0 79 F7')).toEqual([VERSION])
})

test('what is said while it boots is heard after that', async () => {
  const { say, hear } = powered({ silentBoot: true, bootMillis: 500 })
  expect(await say('F9', 400)).toEqual([])
  expect(await hear(200)).toEqual([VERSION])
})

test('it tells what each pin can be, and which are analog', async () => {
  const { say } = await booted()
  const digital = '00 01 0B 01 01 01 '
  const plain = `${digital}04 0E 7F `
  const pwm = `${digital}03 08 04 0E 7F `
  const pins = `7F 7F ${plain}${pwm}${plain}${pwm}${pwm}${plain}${plain}${pwm}${pwm}${pwm}${plain}${plain}`
  expect(await say('F0 6B F7')).toEqual([`F0 6C ${pins}${`${digital}02 0A 7F `.repeat(6)}F7`])
  expect(await say('F0 69 F7')).toEqual([`F0 6A ${'7F '.repeat(14)}00 01 02 03 04 05 F7`])
})

test('a larger board has more pins, and one for steppers says so', async () => {
  const { say } = await booted({ pins: 22, stepper: true })
  const [able = ''] = await say('F0 6B F7')
  expect(able.split('7F')).toHaveLength(23)
  expect(able).toMatch(/08 15 7F F7$/)
})

test('at power-up analog pins are analog, the others low outputs, the first two nobody’s', async () => {
  const board = powered()
  expect(board.done()).toEqual(Array.from({ length: 18 }, (_, index) => `${index + 2} level 0`))
  await board.hear(2_000)
  expect(await board.say('F0 6D 00 F7')).toEqual(['F0 6E 00 7F 00 F7'])
  expect(await board.say('F0 6D 02 F7')).toEqual(['F0 6E 02 01 00 F7'])
  expect(await board.say('F0 6D 0E F7')).toEqual(['F0 6E 0E 02 00 F7'])
  expect(await board.say('F0 6D 40 F7')).toEqual(['F0 6E 40 F7'])
})

test('outputs are driven by port or by pin, and only changes are felt', async () => {
  const { say, done } = await booted()
  await say('F4 02 01 90 04 00')
  expect(done()).toEqual(['2 level 1'])
  await say('90 04 00 F5 02 01')
  expect(done()).toEqual([])
  expect(await say('F0 6D 02 F7')).toEqual(['F0 6E 02 01 01 F7'])
  await say('F5 0D 01 90 00 01 91 00 00')
  expect(done()).toEqual(['13 level 1', '2 level 0', '7 level 1', '13 level 0'])
})

test('a reported port tells its inputs at once, then each change', async () => {
  const { say, hear, put } = await booted()
  put(2, true)
  expect(await say('F4 02 00 F4 07 00')).toEqual([])
  expect(await say('D0 01')).toEqual(['90 04 00'])
  expect(await hear(100, () => put(7, true))).toEqual(['90 04 01'])
  expect(await hear(100, () => put(2, false))).toEqual(['90 00 01'])
  expect(await hear(100, () => put(2, false))).toEqual([])
  expect(await say('D0 00')).toEqual([])
  expect(await hear(100, () => put(2, true))).toEqual([])
  expect(await say('D1 01')).toEqual(['91 00 00'])
})

test('outputs and analog pins are no part of a report', async () => {
  const { say, hear, put } = await booted()
  expect(await say('90 7F 01 D0 01 D1 01')).toEqual(['90 00 00', '91 00 00'])
  expect(await hear(100, () => put(3, true))).toEqual([])
  expect(await hear(100, () => put(14, true))).toEqual([])
})

test('a pulled-up pin reads high until a contact pulls it low', async () => {
  const { say, hear, put } = await booted()
  expect(await say('D0 01 F4 02 0B')).toEqual(['90 00 00', '90 04 00'])
  expect(await say('F0 6D 02 F7')).toEqual(['F0 6E 02 0B 01 F7'])
  expect(await hear(100, () => put(2, false))).toEqual(['90 00 00'])
})

test('an input that is written high is pulled up', async () => {
  const { say } = await booted()
  expect(await say('F4 02 00 D0 01 90 04 00')).toEqual(['90 00 00', '90 04 00'])
})

test('a pin that stops being an output lets go', async () => {
  const { say, done } = await booted()
  await say('F5 02 01 F4 02 0B')
  expect(done()).toEqual(['2 level 1', '2 level 0'])
})

test('an analog channel is told at once and then every 19 ms', async () => {
  const { say, hear, volts } = await booted()
  volts.set(0, 1_023)
  expect(await say('C0 01', 0)).toEqual(['E0 7F 07'])
  expect(await hear(57)).toEqual(['E0 7F 07', 'E0 7F 07', 'E0 7F 07'])
  volts.set(0, 2_000)
  volts.set(1, -1)
  expect(await say('F4 0E 03 F4 0F 02 C1 01', 0)).toEqual(['E1 00 00'])
  expect(await hear(19)).toEqual(['E0 7F 07', 'E1 00 00'])
  expect(await say('C0 00 C1 00', 1_000)).toEqual([])
})

test('the sampling interval can be set', async () => {
  const { say } = await booted()
  expect(await say('F0 7A 64 00 F7 C0 01', 350)).toHaveLength(4)
  expect(await say('F0 7A 0A 00 F7', 105)).toHaveLength(10)
})

test('an analog pin made digital is reported no more', async () => {
  const { say } = await booted()
  await say('C0 01')
  expect(await say('F4 0E 00', 1_000)).toEqual([])
})

test('a duty is set in a short or a long message, on a pin that can', async () => {
  const { say, done } = await booted()
  await say('F4 03 03 E3 7F 01')
  expect(await say('F0 6D 03 F7')).toEqual(['F0 6E 03 03 7F 01 F7'])
  await say('F0 6F 03 40 F7 F4 04 03 E4 7F 01')
  expect(done()).toEqual(['3 pwm 0', '3 pwm 255', '3 pwm 64'])
})

test('a servo goes where it is sent, in degrees or by the length of its pulse', async () => {
  const { say, done } = await booted()
  await say('F4 02 04 E2 5A 00')
  await say('F0 70 02 20 04 60 12 F7 E2 40 0B F0 6F 02 00 00 F7 E2 7F 02')
  expect(done()).toEqual(['2 servo 90', '2 servo 0', '2 servo 180'])
})

const STEPPER = 'F0 62 00 00 10 02 03 00 F7'
const SPEED_100 = 'F0 62 09 00 01 00 00 34 F7'
const STEPS_200 = 'F0 62 02 00 48 01 00 00 00 F7'
const AT_200 = 'F0 62 0A 00 48 01 00 00 00 F7'

test('a stepper arrives after the time its steps take', async () => {
  const { say, hear, done } = await booted({ stepper: true })
  expect(await say(`${STEPPER} ${SPEED_100} ${STEPS_200}`, 1_990)).toEqual([])
  expect(await hear(20)).toEqual([AT_200])
  expect(done()).toEqual(['stepper 0 at 200'])
  expect(await say('F0 6D 03 F7')).toEqual(['F0 6E 03 08 00 F7'])
})

test('a stepper turns back, to a place, and counts from where it is told to', async () => {
  const { say } = await booted({ stepper: true })
  await say(`${STEPPER} ${SPEED_100}`)
  expect(await say('F0 62 02 00 48 01 00 00 08 F7', 2_100)).toEqual(['F0 62 0A 00 48 01 00 00 08 F7'])
  expect(await say('F0 62 03 00 48 01 00 00 00 F7', 3_900)).toEqual([])
  expect(await say('', 200)).toEqual([AT_200])
  expect(await say('F0 62 01 00 F7 F0 62 06 00 F7')).toEqual(['F0 62 06 00 00 00 00 00 00 F7'])
})

test('a stopped stepper tells how far it came, and arrives no more', async () => {
  const { say, done } = await booted({ stepper: true })
  await say(`${STEPPER} ${SPEED_100} ${STEPS_200}`, 1_000)
  expect(await say('F0 62 06 00 F7', 0)).toEqual(['F0 62 06 00 64 00 00 00 00 F7'])
  expect(await say('F0 62 05 00 F7', 5_000)).toEqual(['F0 62 0A 00 64 00 00 00 00 F7'])
  expect(done()).toEqual(['stepper 0 at 100'])
})

test('one step an hour is as good a speed as any', async () => {
  const { say, hear } = await booted({ stepper: true })
  await say(`${STEPPER} F0 62 09 00 31 45 29 05 F7 F0 62 02 00 01 00 00 00 00 F7`, 3_599_000)
  expect(await hear(2_000)).toEqual(['F0 62 0A 00 01 00 00 00 00 F7'])
})

test('steppers meet with silence on a board that has none, or before they are set up', async () => {
  expect(await (await booted()).say(`${STEPPER} ${STEPS_200}`, 60_000)).toEqual([])
  expect(await (await booted({ stepper: true })).say(STEPS_200, 60_000)).toEqual([])
})

test('a reset makes all pins what they were, and ends all reports and turns', async () => {
  const { say, hear, put, done } = await booted({ stepper: true })
  await say(`F4 02 00 D0 01 C0 01 F5 05 01 ${STEPPER} ${SPEED_100} ${STEPS_200}`)
  done()
  expect(await say('FF', 10_000)).toEqual([])
  expect(done()).toEqual(['5 level 0'])
  expect(await hear(1_000, () => put(2, true))).toEqual([])
  expect(await say('F0 6D 02 F7')).toEqual(['F0 6E 02 01 00 F7'])
})

test.each([
  ['a string', 'F0 71 68 00 69 00 00 00 F7'],
  ['an unknown message of its own', 'F0 01 02 F7'],
  ['an unknown command', 'F1 01 02'],
  ['stray data', '00 7F 00'],
  ['a broken pin mode', 'F4 02'],
  ['an unfinished message', 'F0 6B'],
  ['a message that is too long', `F0 71${' 00'.repeat(70)}`],
  ['a mode that the pin cannot have', 'F4 02 03'],
])('%s meets with silence, and what follows is heard', async (_, bytes) => {
  const { say, done } = await booted()
  expect(await say(bytes)).toEqual([])
  expect(await say('F9')).toEqual([VERSION])
  expect(done()).toEqual([])
})

test('messages are heard however they are cut up', async () => {
  const { say, done } = await booted()
  for (const byte of '90 04 00 F0 70 02 20 04 60 12 F7 E2 5A'.split(' ')) expect(await say(byte)).toEqual([])
  await say('00')
  expect(done()).toEqual(['2 level 1', '2 servo 90'])
})
