import { ear } from './ear.ts'
import type { LineScanner } from './line-scanner.ts'
import type { Plug } from './peripheral.ts'

// Barcodes as a line scanner sends them, but only while triggered: each trigger shows one, or ends in silence.
//
// honeywell  16 54 0D trigger   16 55 0D stop   16 07 0D beep
//            16 4D 0D TAG value {. or !}        answered  TAG value STATUS {. or !}
// newland    7E 01 30 30 30 30 {@ or #} TAG value [; TAG value…] 3B 03
//            answered  02 01 30 30 30 30 {@ or #} TAG value STATUS [; TAG value STATUS…] 3B 03
// STATUS     06 done   15 no such value   05 unknown

export interface CommandedScannerSettings {
  brand: 'honeywell' | 'newland'
  /** CR unless the scanner is set up otherwise. */
  suffix?: string
  /** How long it looks for a barcode once triggered. */
  readMillis?: number
}

/** What commands can change. */
interface Eye {
  prefix: string
  suffix: string
  readMillis: number
  /** Looks all the time, without a trigger. */
  always: boolean
  look(): void
  stop(): void
}

interface Language {
  /** How its commands begin, each with how it may end; none where that is all of it. */
  heads: Record<string, string[]>
  /** What the scanner answers, if anything. */
  obey(said: string): string
}

const ACK = '\x06'
const NAK = '\x15'
const ENQ = '\x05'

const THINKING = 5
const LONGEST = 300
const REVISION = 'Software Revision: PAWL0001'

/** A scanner that reads when the host tells it to, in the words of its brand. */
export function commandedScanner(settings: CommandedScannerSettings): LineScanner {
  const { brand, suffix = '\r', readMillis = 5_000 } = settings
  let show: (code: string | Uint8Array) => void = () => {}

  const plug: Plug = socket => {
    let reading: (() => void) | undefined
    const send = (...parts: (string | Uint8Array)[]) =>
      socket.send(Uint8Array.from(parts.flatMap(part => [...bytesOf(part)])))

    function stop(): void {
      reading?.()
      reading = undefined
    }

    const eye: Eye = {
      prefix: '',
      suffix,
      readMillis,
      always: false,
      stop,
      look() {
        stop()
        reading = socket.after(eye.readMillis, stop)
      },
    }
    const { heads, obey } = brand === 'honeywell' ? honeywell(eye) : newland(eye)

    function heard(frame: Uint8Array): void {
      socket.after(THINKING, () => {
        const answer = obey(Buffer.from(frame).toString('latin1'))
        if (answer !== '') send(answer)
      })
    }

    show = code => {
      if (!eye.always && !reading) return
      stop()
      send(eye.prefix, code, eye.suffix)
    }

    const { hear } = ear({ forgetAfter: 200, measure: measurer(heads), heard }, socket.now)
    return { receive: hear }
  }

  return { plug, scan: code => show(code) }
}

function honeywell(eye: Eye): Language {
  /** 99, for every kind of code, then up to eleven characters in hexadecimal. */
  const affix = /^99((?:[0-9A-F]{2}){0,11})$/

  function menu(command: string): string {
    const tag = command.slice(0, 6)
    const value = command.slice(6)
    if (tag === 'REVINF') return value === '' ? command + REVISION + ACK : command + NAK
    if (tag !== 'PREBK2' && tag !== 'SUFBK2') return command + ENQ
    const [, hex] = affix.exec(value) ?? []
    if (hex === undefined) return command + NAK
    eye[tag === 'PREBK2' ? 'prefix' : 'suffix'] = Buffer.from(hex, 'hex').toString('latin1')
    return command + ACK
  }

  return {
    heads: { '\x16T\r': [], '\x16U\r': [], '\x16\x07\r': [], '\x16M\r': ['.', '!'] },
    obey(said) {
      if (said[1] === 'T') eye.look()
      if (said[1] === 'U') eye.stop()
      return said[1] === 'M' ? menu(said.slice(3, -1)) + said.slice(-1) : ''
    },
  }
}

interface Setting {
  value: string
  valid: RegExp
  range: string
  apply?: (value: string) => void
}

function newlandSettings(eye: Eye): Record<string, Setting> {
  return {
    SCNMOD: {
      value: '0',
      valid: /^[02]$/,
      range: '0-2',
      apply(value) {
        eye.always = value === '2'
      },
    },
    SCNTRG: {
      value: '0',
      valid: /^[01]$/,
      range: '0-1',
      apply: value => (value === '1' ? eye.look() : eye.stop()),
    },
    ORTSET: {
      value: String(eye.readMillis),
      valid: /^\d{1,7}$/,
      range: '0-3600000',
      apply(value) {
        eye.readMillis = Number(value)
      },
    },
    RRDDUR: { value: '1000', valid: /^\d{1,7}$/, range: '0-3600000' },
    GRBENA: { value: '1', valid: /^[01]$/, range: '0-1' },
    DFMADD: { value: '', valid: /^[0-9A-F]+$/, range: '' },
  }
}

function newland(eye: Eye): Language {
  const settings = newlandSettings(eye)
  const factory = newlandSettings(eye)

  function set(name: string, asked: string): string {
    const setting = settings[name]
    if (!setting) return name + asked + ENQ
    if (asked === '*') return name + setting.value + ACK
    if (asked === '&') return name + (factory[name]?.value ?? '') + ACK
    if (asked === '^') return name + setting.range + ACK
    if (!setting.valid.test(asked)) return name + asked + NAK
    setting.value = asked
    setting.apply?.(asked)
    return name + asked + ACK
  }

  /** `TAGSUBvalue`; after a comma the same tag goes on: `,SUBvalue`. */
  function setAll(command: string): string {
    const groups = command.split(';').map(group => {
      const tag = group.slice(0, 3)
      const parts = group.slice(3).split(',')
      const said = parts.map(part => set(tag + part.slice(0, 3), part.slice(3)).slice(3))
      return tag + said.join(',')
    })
    return groups.join(';')
  }

  return {
    heads: { '~\x010000@': [';\x03'], '~\x010000#': [';\x03'] },
    obey: said => `\x02${said.slice(1, 7)}${setAll(said.slice(7, -2))};\x03`,
  }
}

/** Finds the commands of a language. */
function measurer(heads: Language['heads']) {
  return (bytes: Uint8Array): number | undefined => {
    const said = Buffer.from(bytes).toString('latin1')
    const begins = Object.keys(heads).find(head => head.startsWith(said.slice(0, head.length)))
    if (begins === undefined) return undefined
    if (said.length < begins.length) return 0
    const ends = heads[begins] ?? []
    if (ends.length === 0) return begins.length
    for (let length = begins.length + 1; length <= Math.min(said.length, LONGEST); length++)
      if (ends.some(end => said.slice(begins.length, length).endsWith(end))) return length
    return said.length < LONGEST ? 0 : undefined
  }
}

const bytesOf = (part: string | Uint8Array): Uint8Array =>
  typeof part === 'string' ? Buffer.from(part, 'latin1') : part
