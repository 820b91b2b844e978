import type { Plug, Socket } from './peripheral.ts'

// 10 04 n         state asked for, heard wherever it stands and answered at once, one byte 0xx1xx10
// 1B … 1C … 1D …  commands, obeyed in turn: an offline printer keeps them for later
// 1D 72 01        state of the paper, in turn, one byte 0xx0xxxx
// 1D 61 n         state told unasked at each change, four bytes: 0xx1xx00 0xx0xxxx 0xx0xxxx 0xx0xxxx

/** What somebody at the printer sees and mends. */
export interface ReceiptPrinter {
  paperOut: boolean
  paperLow: boolean
  coverOpen: boolean
  cutterFailed: boolean
  /** The text of each receipt that was cut off, a character a byte. */
  receipts: string[]
  drawerOpened: number
}

/** How it was bought. */
export interface EscposPrinterSettings {
  /** Some clones let 10 04 n pass. */
  ignoresStatus?: boolean
  /** Tells its state unasked from the moment it is switched on, not only once told to. */
  asb?: boolean
  linesPerSecond?: number
}

const LOOK_EVERY = 50
/** What 1D 61 can ask for: drawer, online, errors, paper. */
const EVERYTHING = 0x0f
const [TAB, LF, DLE, EOT, ESC, FS, GS, SPACE] = [0x09, 0x0a, 0x10, 0x04, 0x1b, 0x1c, 0x1d, 0x20]

/** A printer with nothing wrong. */
export const receiptPrinter = (): ReceiptPrinter => ({
  paperOut: false,
  paperLow: false,
  coverOpen: false,
  cutterFailed: false,
  receipts: [],
  drawerOpened: 0,
})

/** A printer of receipts, as its line sees it. */
export function escposPrinter(
  { ignoresStatus = false, asb = false, linesPerSecond = 20 }: EscposPrinterSettings,
  printer: ReceiptPrinter,
): Plug {
  return socket => {
    const unasked = teller(socket, printer)
    if (asb) unasked.about(EVERYTHING)
    /** The last two bytes heard. */
    let before: [number, number] = [0, 0]
    let waiting: number[] = []
    /** Moving paper, or looking again and again whether it may. */
    let busy = false
    let line = ''
    let receipt = ''

    /** Nothing else is done until the paper has moved. */
    function feed(lines: number): void {
      receipt += line + '\n'.repeat(lines)
      line = ''
      pause((lines * 1_000) / linesPerSecond)
    }

    function pause(span: number): void {
      busy = true
      socket.after(span, () => {
        busy = false
        work()
      })
    }

    function cut(): void {
      printer.receipts.push((receipt + line).trimEnd())
      receipt = ''
      line = ''
    }

    function obey(command: number[]): void {
      const [first = 0, second = 0, third = 0] = command
      if (first >= SPACE || first === TAB) line += Buffer.from(command).toString('latin1')
      else if (first === LF) feed(1)
      else if (first === ESC && second === 0x40) line = ''
      else if (first === ESC && second === 0x64) feed(third)
      else if (first === ESC && second === 0x70) printer.drawerOpened++
      else if (first === GS && second === 0x56) cut()
      else if (first === GS && second === 0x61) unasked.about(third & EVERYTHING)
      else if (first === GS && second === 0x72 && (third === 1 || third === 0x31))
        socket.send(Uint8Array.of(paper(printer)))
    }

    function work(): void {
      let at = 0
      while (!busy && at < waiting.length) {
        if (offline(printer)) {
          pause(LOOK_EVERY)
          break
        }
        const length = measure(waiting, at)
        if (at + length > waiting.length) break
        obey(waiting.slice(at, at + length))
        at += length
      }
      waiting = waiting.slice(at)
    }

    return {
      receive(bytes) {
        for (const byte of bytes) {
          const asked = before[0] === DLE && before[1] === EOT && byte >= 1 && byte <= 4
          if (asked && !ignoresStatus) socket.send(Uint8Array.of(state(byte, printer)))
          before = [before[1], byte]
          waiting.push(byte)
        }
        work()
      },
    }
  }
}

/** Looks at the printer as long as somebody wants to hear of changes. */
function teller(socket: Socket, printer: ReceiptPrinter) {
  let topics = 0
  let told = ''
  let stop = () => {}

  /** What of its state anybody asked to hear of. */
  const now = () => {
    const [, errors, rolls] = automatic(printer)
    return [topics & 2 && offline(printer), topics & 4 && errors, topics & 8 && rolls].join()
  }

  function look(): void {
    if (now() !== told) {
      told = now()
      socket.send(Uint8Array.of(...automatic(printer)))
    }
    stop = socket.after(LOOK_EVERY, look)
  }

  return {
    /** Tells the present state too. */
    about(wanted: number): void {
      stop()
      topics = wanted
      told = ''
      if (topics !== 0) stop = socket.after(0, look)
    },
  }
}

const offline = ({ paperOut, coverOpen, cutterFailed }: ReceiptPrinter): boolean =>
  paperOut || coverOpen || cutterFailed

const bits = (base: number, ...set: [boolean, number][]): number =>
  set.reduce((all, [is, mask]) => (is ? all | mask : all), base)

/** The answer to 10 04 n. */
function state(asked: number, printer: ReceiptPrinter): number {
  const { paperOut, paperLow, coverOpen, cutterFailed } = printer
  if (asked === 1) return bits(0x12, [offline(printer), 0x08])
  if (asked === 2) return bits(0x12, [coverOpen, 0x04], [paperOut, 0x20], [cutterFailed, 0x40])
  if (asked === 3) return bits(0x12, [cutterFailed, 0x08])
  return bits(0x12, [paperLow || paperOut, 0x0c], [paperOut, 0x60])
}

const paper = ({ paperOut, paperLow }: ReceiptPrinter): number =>
  bits(0, [paperLow || paperOut, 0x03], [paperOut, 0x0c])

const automatic = (printer: ReceiptPrinter): [number, number, number, number] => [
  bits(0x10, [offline(printer), 0x08], [printer.coverOpen, 0x20]),
  bits(0, [printer.cutterFailed, 0x08]),
  paper(printer),
  0,
]

const each = (names: string, length: number) => Object.fromEntries(Array.from(names, name => [name, length]))

/** How many bytes follow the name of a command. One that is not listed has none. */
const ARGUMENTS: Record<number, Record<string, number>> = {
  [ESC]: { ...each(' !%-3=?{EGJKMRTUVadertu', 1), ...each('$\\c', 2), p: 3, W: 8 },
  [FS]: { ...each('!-CW', 1), ...each('Sp', 2) },
  [GS]: { ...each('!/BEHITabfhrw', 1), ...each('$\\LPW', 2), ...each('^z', 3), g: 4 },
}

/** The length of the text, the command or the stray byte at `at`. More than there is while that is not known. */
function measure(bytes: number[], at: number): number {
  const [first = 0, second, third, fourth = 0] = bytes.slice(at, at + 4)
  if (first >= SPACE) return run(bytes, at, byte => byte >= SPACE)
  if (first !== DLE && first !== ESC && first !== FS && first !== GS) return 1
  if (second === undefined) return 2
  if (first === DLE) return second === EOT || second === 0x05 ? 3 : 1

  const name = String.fromCharCode(second)
  const word = (offset: number) => (bytes[at + offset] ?? 0) + (bytes[at + offset + 1] ?? 0) * 256
  const sized = (head: number, size: () => number) => (bytes.length < at + head ? head : head + size())

  // 28 fn pL pH …
  if (name === '(') return sized(5, () => word(3))
  // A list of tabs, and the older barcodes, end in 00; the newer ones tell their length.
  if (first === ESC && name === 'D') return 3 + run(bytes, at + 2, byte => byte !== 0)
  if (first === GS && name === 'k') {
    if (third === undefined) return 3
    return third >= 0x41 ? sized(4, () => fourth) : 4 + run(bytes, at + 3, byte => byte !== 0)
  }
  // Pictures
  if (first === ESC && name === '*') return sized(5, () => word(3) * ((third ?? 0) >= 0x20 ? 3 : 1))
  if (first === GS && name === 'v') return sized(8, () => word(4) * word(6))
  if (first === GS && name === '*') return sized(4, () => (third ?? 0) * fourth * 8)
  // Cut here, or after some more paper
  if (first === GS && name === 'V') return third === 0x41 || third === 0x42 ? 4 : 3
  return 2 + (ARGUMENTS[first]?.[name] ?? 0)
}

/** How many bytes from `at` on are so. */
function run(bytes: number[], at: number, so: (byte: number) => boolean): number {
  let end = at
  for (let byte = bytes[end]; byte !== undefined && so(byte); byte = bytes[end]) end++
  return end - at
}
