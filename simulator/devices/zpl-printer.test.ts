import { expect, test } from 'vitest'
import { fromHex, toHex, workbench } from '../workbench.ts'
import { type LabelPrinter, labelPrinter, type ZplPrinterSettings, zplPrinter } from './zpl-printer.ts'

function onTable(settings: ZplPrinterSettings = {}, printer = labelPrinter()) {
  const table = workbench(() => zplPrinter(settings, printer), 1)
  const text = (heard: string[]) => Buffer.from(fromHex(heard.join(''))).toString('latin1')
  return {
    printer,
    /** Says text, and tells the text heard within `wait`. */
    say: async (said: string, wait?: number) => text(await table.say(toHex(Buffer.from(said)), wait)),
    wait: (span: number) => table.clock.pass(span),
  }
}

const framed = (...lines: string[]) => lines.map(line => `\x02${line}\x03\r\n`).join('')
const IDLE = ['030,0,0,0800,000,0,0,0,000,0,0,0', '000,0,0,0,0,2,4,0,00000000,1,000', '1234,0'] as const
const [FIRST, SECOND, THIRD] = IDLE

test('an idle printer tells its state in three lines', async () => {
  const { say } = onTable()
  expect(await say('~HS')).toBe(framed(...IDLE))
})

test('asked by name it tells the same lines without their frames', async () => {
  const { say } = onTable()
  expect(await say('! U1 getvar "device.host_status"\r\n')).toBe(IDLE.map(line => `${line}\r\n`).join(''))
})

test('a question is heard however it is cut up', async () => {
  const { say } = onTable()
  expect(await say('~')).toBe('')
  expect(await say('H')).toBe('')
  expect(await say('S')).toBe(framed(...IDLE))
})

test.each<[keyof LabelPrinter, string, string]>([
  ['paperOut', '030,1,0,0800,000,0,0,0,000,0,0,0', SECOND],
  ['overTemperature', '030,0,0,0800,000,0,0,0,000,0,0,1', SECOND],
  ['headOpen', FIRST, '000,0,1,0,0,2,4,0,00000000,1,000'],
  ['ribbonOut', FIRST, '000,0,0,1,0,2,4,0,00000000,1,000'],
])('with %s it is silent, or says so if it is one that speaks', async (fault, first, second) => {
  for (const silentWhenOut of [true, false]) {
    const { say, printer } = onTable({ silentWhenOut })
    Object.assign(printer, { [fault]: true })
    expect(await say('~HS', 3_000)).toBe(silentWhenOut ? '' : framed(first, second, THIRD))
    Object.assign(printer, { [fault]: false })
    expect(await say('~HS')).toBe(framed(...IDLE))
  }
})

test('a pause is told, and keeps labels waiting', async () => {
  const { say, printer, wait } = onTable()
  printer.paused = true
  await say('^XA^FDone^FS^XZ^XA^FDtwo^FS^XZ^XA^FDthree^FS^XZ', 2_000)
  expect(await say('~HS')).toBe(
    framed('030,0,1,0800,002,0,0,0,000,0,0,0', '000,0,0,0,0,2,4,0,00000001,1,000', THIRD),
  )
  expect(printer.labels).toEqual([])
  printer.paused = false
  await wait(2_000)
  expect(printer.labels).toHaveLength(3)
  expect(await say('~HS')).toBe(framed(...IDLE))
})

test('a label takes its time, and is counted as remaining until it is out', async () => {
  const { say, printer } = onTable({ printMillis: 1_000 })
  await say('^XA^FDPaket für 7^FS^XZ', 500)
  expect(await say('~HS', 400)).toBe(framed(FIRST, '000,0,0,0,0,2,4,0,00000001,1,000', THIRD))
  expect(printer.labels).toEqual([])
  expect(await say('~HS', 200)).not.toBe('')
  expect(printer.labels).toEqual(['^XA^FDPaket für 7^FS^XZ'])
})

test.each(['paperOut', 'headOpen', 'ribbonOut', 'overTemperature'] as const)(
  'labels sent during %s are printed in turn once it is mended',
  async fault => {
    const { say, printer, wait } = onTable()
    printer[fault] = true
    await say('^XA^FDone^FS^XZ^XA^FDtwo^FS^XZ', 60_000)
    expect(printer.labels).toEqual([])
    printer[fault] = false
    await wait(1_000)
    expect(printer.labels).toEqual(['^XA^FDone^FS^XZ', '^XA^FDtwo^FS^XZ'])
  },
)

test('a label that runs out of paper halfway is printed again, once', async () => {
  const { say, printer, wait } = onTable({ printMillis: 1_000 })
  await say('^XA^FDone^FS^XZ', 500)
  printer.paperOut = true
  await wait(5_000)
  expect(printer.labels).toEqual([])
  printer.paperOut = false
  await wait(5_000)
  expect(printer.labels).toEqual(['^XA^FDone^FS^XZ'])
})

test('asked in the middle of a label it tells that it has part of one, and the label stays whole', async () => {
  const { say, printer } = onTable()
  expect(await say('^XA^FDon~HS')).toBe(framed('030,0,0,0800,000,0,0,1,000,0,0,0', SECOND, THIRD))
  await say('e^FS^XZ', 1_000)
  expect(printer.labels).toEqual(['^XA^FDone^FS^XZ'])
})

test('what waits and what came by half is gone after a power failure', async () => {
  const printer = labelPrinter()
  printer.paperOut = true
  await onTable({}, printer).say('^XA^FDwaiting^FS^XZ^XA^FDhalf')
  printer.paperOut = false
  const again = onTable({}, printer)
  expect(await again.say(' a label^FS^XZ~HS')).toBe(framed(...IDLE))
  await again.wait(1_000)
  expect(printer.labels).toEqual([])
})

test.each(['~JA', '~HX', '^HS', '^XZ', '! U1 getvar "device.name"\r\n', 'HS', '\x02\x03'])(
  'unknown words (%j) meet with silence, and what follows them is heard',
  async words => {
    const { say, printer } = onTable()
    expect(await say(words, 2_000)).toBe('')
    expect(await say('~HS')).toBe(framed(...IDLE))
    expect(printer.labels).toEqual([])
  },
)
