import { expect, test } from 'vitest'
import { toHex, workbench } from '../workbench.ts'
import { type EscposPrinterSettings, escposPrinter, receiptPrinter } from './escpos-printer.ts'

function onTable(settings: EscposPrinterSettings = {}, printer = receiptPrinter()) {
  const table = workbench(() => escposPrinter(settings, printer), 1)
  return {
    printer,
    say: table.say,
    hear: table.hear,
    /** Tells the four answers to 10 04 n. */
    async asked() {
      const said: string[] = []
      for (const n of [1, 2, 3, 4]) said.push(...(await table.say(`10 04 0${n}`, 0)))
      return said.join(' ')
    },
  }
}

const text = (words: string) => toHex(Buffer.from(words, 'latin1'))
const CUT = '1D 56 00'

test.each([
  ['idle', {}, '12 12 12 12'],
  ['out of paper', { paperOut: true }, '1A 32 12 7E'],
  ['nearly out of paper', { paperLow: true }, '12 12 12 1E'],
  ['with its cover open', { coverOpen: true }, '1A 16 12 12'],
  ['with a jammed cutter', { cutterFailed: true }, '1A 52 1A 12'],
])('a printer %s says so, and is well again once that is mended', async (_, fault, said) => {
  const { asked, printer } = onTable()
  Object.assign(printer, fault)
  expect(await asked()).toBe(said)
  Object.assign(printer, receiptPrinter())
  expect(await asked()).toBe('12 12 12 12')
})

test('receipts are what was said between cuts, full or partial', async () => {
  const { say, printer } = onTable()
  await say(`1B 40 ${text('Locker 7\ncode 1234\n')} ${CUT} ${text('two\n\n\n')} 1D 56 01`, 1_000)
  await say(`${text('three\n')} 1D 56 42 03`, 1_000)
  expect(printer.receipts).toEqual(['Locker 7\ncode 1234', 'two', 'three'])
})

test('lines take their time, and a question is answered in the midst of them', async () => {
  const { say, hear, printer } = onTable({ linesPerSecond: 1 })
  expect(await say(`${text('a\nb\nc\n')} ${CUT}`, 1_500)).toEqual([])
  expect(await say('10 04 01', 0)).toEqual(['12'])
  await hear(1_400)
  expect(printer.receipts).toEqual([])
  await hear(200)
  expect(printer.receipts).toEqual(['a\nb\nc'])
})

test('a question inside text or a picture is answered, and the text stays as it was', async () => {
  const { say, printer } = onTable()
  expect(await say(`${text('Lock')} 10 04 04 ${text('er\n')} ${CUT}`)).toEqual(['12'])
  expect(await say(`1D 76 30 00 03 00 01 00 10 04 01 ${text('x\n')} ${CUT}`)).toEqual(['12'])
  expect(printer.receipts).toEqual(['Locker', 'x'])
})

test('a question is heard however it is cut up; one with another number is not one', async () => {
  const { say } = onTable()
  expect(await say('10')).toEqual([])
  expect(await say('04')).toEqual([])
  expect(await say('01')).toEqual(['12'])
  expect(await say('10 04 00 10 04 05 10 05 01')).toEqual([])
})

test('bytes that come one at a time say the same', async () => {
  const { say, printer } = onTable()
  for (const byte of `1B 61 01 1D 21 11 ${text('a\n')} 1D 6B 04 41 42 00 ${CUT}`.split(' ')) await say(byte)
  expect(printer.receipts).toEqual(['a'])
})

test.each(['paperOut', 'coverOpen', 'cutterFailed'] as const)(
  'with %s nothing is printed, opened or answered in turn until it is mended',
  async fault => {
    const { say, hear, printer } = onTable()
    printer[fault] = true
    expect(await say(`${text('a\n')} ${CUT} 1B 70 00 19 78 1D 72 01`, 60_000)).toEqual([])
    expect(printer).toMatchObject({ receipts: [], drawerOpened: 0 })
    printer[fault] = false
    expect(await hear(1_000)).toEqual(['00'])
    expect(printer).toMatchObject({ receipts: ['a'], drawerOpened: 1 })
  },
)

test('a receipt that runs out of paper goes on after a new roll', async () => {
  const { say, hear, printer } = onTable({ linesPerSecond: 1 })
  await say(`${text('a\nb\n')} ${CUT}`, 500)
  printer.paperOut = true
  await hear(60_000)
  expect(printer.receipts).toEqual([])
  printer.paperOut = false
  await hear(2_000)
  expect(printer.receipts).toEqual(['a\nb'])
})

test('asked in turn for its paper, it tells whether the roll nears its end', async () => {
  const { say, printer } = onTable()
  expect(await say('1D 72 01')).toEqual(['00'])
  printer.paperLow = true
  expect(await say('1D 72 01')).toEqual(['03'])
})

test('the drawer opens when told to', async () => {
  const { say, printer } = onTable()
  await say('1B 70 00 19 78 1B 70 00 19 78')
  expect(printer.drawerOpened).toBe(2)
})

test('to begin anew forgets the line, not the receipt', async () => {
  const { say, printer } = onTable()
  await say(`${text('a\nrest')} 1B 40 ${text('b\n')} ${CUT}`, 1_000)
  expect(printer.receipts).toEqual(['a\nb'])
})

test.each([
  ['alignment', '1B 61 31'],
  ['bold', '1B 45 41'],
  ['size', '1D 21 41'],
  ['underline', '1B 2D 31'],
  ['code page', '1B 74 41'],
  ['font', '1B 4D 41'],
  ['modes', '1B 21 41'],
  ['line spacing', '1B 33 41 1B 32'],
  ['tabs', '1B 44 41 42 00'],
  ['margin', '1D 4C 41 41'],
  ['width', '1D 57 41 41'],
  ['barcode height', '1D 68 41'],
  ['barcode that ends in 00', '1D 6B 04 41 42 00'],
  ['barcode with a length', '1D 6B 49 04 41 42 43 44'],
  ['matrix code', '1D 28 6B 04 00 31 41 32 00'],
  ['bit picture', '1B 2A 21 02 00 41 41 41 41 41 41'],
  ['raster picture', '1D 76 30 00 02 00 02 00 41 41 41 41'],
  ['stored picture', '1D 2A 01 01 41 41 41 41 41 41 41 41'],
  ['stray byte', '00'],
])('%s leaves no text behind', async (_, command) => {
  const { say, printer } = onTable()
  expect(await say(`${text('a')} ${command} ${text('b\n')} ${CUT}`, 1_000)).toEqual([])
  expect(printer.receipts).toEqual(['ab'])
})

test('told to, it tells its state, and then each change of it', async () => {
  const { say, hear, printer } = onTable()
  const change = (fault: Partial<typeof printer>) => hear(1_000, () => Object.assign(printer, fault))
  expect(await say('1D 61 0F', 1_000)).toEqual(['10 00 00 00'])
  expect(await change({ paperLow: true })).toEqual(['10 00 03 00'])
  expect(await change({ paperOut: true })).toEqual(['18 00 0F 00'])
  expect(await change({ paperOut: false, paperLow: false })).toEqual(['10 00 00 00'])
  expect(await change({ coverOpen: true })).toEqual(['38 00 00 00'])
  expect(await change({ coverOpen: false, cutterFailed: true })).toEqual(['18 08 00 00'])
  expect(await change({ cutterFailed: false })).toEqual(['10 00 00 00'])
  expect(await say('1D 61 00', 1_000)).toEqual([])
  expect(await change({ paperOut: true })).toEqual([])
})

test('told to watch the paper only, it is silent about the cover', async () => {
  const { say, hear, printer } = onTable()
  await say('1D 61 08')
  expect(await hear(1_000, () => Object.assign(printer, { coverOpen: true }))).toEqual([])
  expect(await hear(1_000, () => Object.assign(printer, { paperLow: true }))).toEqual(['38 00 03 00'])
})

test('some tell their state unasked as soon as they have power', async () => {
  const { hear, printer } = onTable({ asb: true })
  expect(await hear(100)).toEqual(['10 00 00 00'])
  expect(await hear(100, () => Object.assign(printer, { paperOut: true }))).toEqual(['18 00 0F 00'])
})

test('a clone that lets questions pass prints all the same', async () => {
  const { say, printer } = onTable({ ignoresStatus: true })
  expect(await say(`10 04 01 ${text('a')} 10 04 04 ${text('b\n')} ${CUT}`, 1_000)).toEqual([])
  expect(printer.receipts).toEqual(['ab'])
})

test('a receipt not yet cut is gone after a power failure', async () => {
  const first = onTable()
  await first.say(text('half\n1'), 1_000)
  const again = onTable({}, first.printer)
  await again.say(`${text('whole\n')} ${CUT}`, 1_000)
  expect(first.printer.receipts).toEqual(['whole'])
})
