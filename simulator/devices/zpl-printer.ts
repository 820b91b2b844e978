import type { Plug } from './peripheral.ts'

// ~HS                                    three lines, each 02 … 03 0D 0A; wherever it stands, in a label too
// ! U1 getvar "device.host_status"       the same lines without 02 and 03
// ~JX                                    forgets the label that it is being told
// ^XA … ^XZ                              a label: waits its turn, and until whatever keeps it from printing is mended
// Every other command is let pass.

/** What somebody at the printer sees and mends. */
export interface LabelPrinter {
  paperOut: boolean
  headOpen: boolean
  ribbonOut: boolean
  paused: boolean
  overTemperature: boolean
  /** The commands of each label it printed, from ^XA to ^XZ. */
  labels: string[]
}

/** How it was bought. */
export interface ZplPrinterSettings {
  printMillis?: number
  /** As documented: with media or ribbon out, the head open or too hot, a question for its state meets with silence. */
  silentWhenOut?: boolean
}

const THINK = 5
const LOOK_EVERY = 50
const ASKED = '~HS'
const ASKED_BY_NAME = '! U1 getvar "device.host_status"'
const FORGET = '~JX'
const LABEL = '^XA'
const LABEL_END = '^XZ'

/** A printer with nothing wrong. */
export const labelPrinter = (): LabelPrinter => ({
  paperOut: false,
  headOpen: false,
  ribbonOut: false,
  paused: false,
  overTemperature: false,
  labels: [],
})

/** A printer of labels, as its line sees it. */
export function zplPrinter(
  { printMillis = 300, silentWhenOut = true }: ZplPrinterSettings,
  printer: LabelPrinter,
): Plug {
  return socket => {
    /** The last few characters, long enough for the longest thing it listens for. */
    let tail = ''
    /** The label it is being told. */
    let format: string | undefined
    /** The first of them is laid out and under way, or as far as it can get. */
    const batch: string[] = []

    const broken = () => printer.paperOut || printer.ribbonOut || printer.headOpen || printer.overTemperature

    function tell(frame: (line: string) => string): void {
      socket.after(THINK, () => {
        if (silentWhenOut && broken()) return
        const lines = status(printer, { partial: format !== undefined, unprinted: batch.length })
        socket.send(Buffer.from(lines.map(frame).join(''), 'latin1'))
      })
    }

    /** A label spoilt halfway by what went wrong is printed again. */
    function print(): void {
      const [label] = batch
      if (label === undefined) return
      if (broken() || printer.paused) return void socket.after(LOOK_EVERY, print)
      socket.after(printMillis, () => {
        if (!broken()) {
          batch.shift()
          printer.labels.push(Buffer.from(label, 'latin1').toString('utf8'))
        }
        print()
      })
    }

    function hear(character: string): void {
      tail = (tail + character).slice(-ASKED_BY_NAME.length)
      const said = (words: string) => tail.endsWith(words)
      if (format !== undefined) format += character
      else if (said(ASKED_BY_NAME)) tell(line => `${line}\r\n`)

      if (said(ASKED)) {
        format = format?.slice(0, -ASKED.length)
        tell(line => `\x02${line}\x03\r\n`)
      }
      if (said(FORGET)) format = undefined
      if (said(LABEL)) format = LABEL
      if (said(LABEL_END) && format !== undefined) {
        batch.push(format)
        format = undefined
        if (batch.length === 1) print()
      }
    }

    return {
      receive(bytes) {
        for (const character of Buffer.from(bytes).toString('latin1')) hear(character)
      },
    }
  }
}

function status(
  { paperOut, paused, overTemperature, headOpen, ribbonOut }: LabelPrinter,
  { partial, unprinted }: { partial: boolean; unprinted: number },
): string[] {
  const flag = (set: boolean) => (set ? 1 : 0)
  const formats = String(Math.max(0, unprinted - 1)).padStart(3, '0')
  const remaining = String(flag(unprinted > 0)).padStart(8, '0')
  return [
    `030,${flag(paperOut)},${flag(paused)},0800,${formats},0,0,${flag(partial)},000,0,0,${flag(overTemperature)}`,
    `000,0,${flag(headOpen)},${flag(ribbonOut)},0,2,4,0,${remaining},1,000`,
    '1234,0',
  ]
}
