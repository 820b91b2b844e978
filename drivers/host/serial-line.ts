import { SerialPort } from 'serialport'
import type { LineConfig } from '../../config/site.ts'
import { type Millis, systemClock } from './clock.ts'
import type { Line, Listener, OpenLine } from './line.ts'

export type SerialSettings = NonNullable<LineConfig['serial']>

const OPEN_WITHIN: Millis = 5_000
/** On top of the time the bytes need: a port that takes nothing for so long is wedged. */
const WRITE_WITHIN: Millis = 2_000
const FLUSH_WITHIN: Millis = 500

/**
 * A serial port. Each call to it has a deadline of ours, because after an unplug its callbacks may never come; and
 * each opening makes a new object, because an old one sends what was written while it was closed.
 */
export function serialLine(settings: SerialSettings): OpenLine {
  /** An opening that the system has not ended yet: a second one would only hang a second thread. */
  let hanging = false

  return listener =>
    new Promise((resolve, reject) => {
      const { path } = settings
      if (hanging) return reject(new Error(`${path} hangs while it is being opened.`))
      const port = makePort(settings)
      let late = false
      // Without a listener an error of the port would end the process.
      port.on('error', () => {})
      hanging = true
      const cancel = systemClock.after(OPEN_WITHIN, () => {
        late = true
        reject(new Error(`${path} did not open within ${OPEN_WITHIN / 1_000} seconds.`))
      })
      port.open(error => {
        hanging = false
        cancel()
        if (late && !error) giveUp(port)
        else if (error) reject(new Error(explain(error.message, path)))
        else resolve(openPort(port, settings, listener))
      })
    })
}

const makePort = ({ path, baud, data_bits, parity, stop_bits }: SerialSettings): SerialPort =>
  new SerialPort({
    path,
    baudRate: baud,
    dataBits: data_bits,
    parity,
    stopBits: stop_bits,
    lock: true,
    // Closing would drop DTR, at which some boards reset.
    hupcl: false,
    autoOpen: false,
  })

function openPort(port: SerialPort, { path, baud }: SerialSettings, listener: Listener): Line {
  let over = false

  function lost(why: string): void {
    if (over) return
    over = true
    giveUp(port)
    listener.lost(why)
  }

  port.on('data', (bytes: Uint8Array) => {
    if (!over) listener.read(bytes)
  })
  port.on('close', () => lost(`${path} was unplugged.`))
  port.on('error', (error: Error) => lost(explain(error.message, path)))
  watchUnplug(port, () => lost(`${path} was unplugged.`))

  return {
    write(bytes) {
      if (over) return
      // A closed port keeps what it is given and sends it when it is opened again.
      if (!port.isOpen) return lost(`${path} was closed.`)
      const patience = WRITE_WITHIN + (bytes.length * 12_000) / baud
      const cancel = systemClock.after(patience, () => lost(`${path} takes no more bytes.`))
      port.write(Buffer.from(bytes), error => {
        cancel()
        if (error) lost(explain(error.message, path))
      })
    },
    close() {
      if (over) return
      over = true
      giveUp(port)
    },
  }
}

/**
 * A port that is unplugged while a read is under way answers that read with nothing, for ever, and the library asks
 * again, for ever: a deaf line and a busy processor. So its poller is told to watch for the end, whatever else it does.
 */
function watchUnplug(port: SerialPort, gone: () => void): void {
  const binding = port.port
  if (binding && 'poller' in binding) binding.poller.once('disconnect', gone)
}

/**
 * Throws away what the system still holds for the port before closing it: closing alone would wait for it to be sent,
 * or send it to a device that nobody watches any more.
 */
function giveUp(port: SerialPort): void {
  if (!port.isOpen) return
  let closing = false
  const close = (): void => {
    if (closing) return
    closing = true
    cancel()
    port.close(() => {})
  }
  const cancel = systemClock.after(FLUSH_WITHIN, close)
  port.flush(close)
}

/** One sentence for people, out of what the library says. */
function explain(says: string, path: string): string {
  if (/permission denied|EACCES/i.test(says))
    return `No permission to open ${path}: add the user of the agent to the group that owns it, often dialout.`
  if (/no such file|ENOENT/i.test(says))
    return `${path} is not there: check the adapter and the path in the site file.`
  if (/cannot lock|busy|temporarily unavailable/i.test(says)) return `${path} is in use by another program.`
  if (/inappropriate ioctl|not a tty/i.test(says)) return `${path} is not a serial port.`
  return `${path}: ${says.replace(/^(Error:? )+/, '')}.`
}
