import { modbusSlave } from './modbus-slave.ts'
import type { Latches, LockTwin, Plug, Socket } from './peripheral.ts'

// coils 0000… relays, 00FF all, 0200+ch on for value × 100 ms, 0400+ch off for value × 100 ms
// discrete inputs 0000…; holding 1000+ch control mode (0 normal, 1 linkage), 4000 address, 8000 version

export interface ModbusRelaySettings {
  address: number
  /** As many inputs. */
  relays?: number
  thinkMillis?: number
  echoes?: boolean
  /** From the factory an input drives its relay until somebody says otherwise. */
  linkage?: boolean
  /** A clone: `flash` knows no pulse of its own; `modes` has no control modes. */
  lacks?: ('flash' | 'modes')[]
  /** Lets go by itself after so long, whatever switched it on: set by its switches. */
  momentary?: number
  /** Its door switches read on while open. */
  inverted?: boolean
}

/** What else is wired to it, beside the latches. */
export interface Contacts {
  /** Inputs above those of the doors, from 1. */
  on(channel: number): boolean
}

export interface RelayBoard {
  plug: Plug
  /** Whether that relay is on now, and its lock powered. */
  powered(channel: number): boolean
  /** Its contact is welded: it stays on whatever it is told. */
  weld(channel: number): void
}

const ON = 0xff00
const TOGGLE = 0x5500

export function modbusRelayBoard(
  settings: ModbusRelaySettings,
  latches: Latches,
  contacts: Contacts = { on: () => false },
): RelayBoard {
  const { address, relays = 8, lacks = [], momentary, inverted = false } = settings
  const on = new Array<boolean>(relays).fill(false)
  const welded = new Set<number>()
  /** Kept without power, as settings are. */
  const modes = new Array<number>(relays).fill(settings.linkage ? 1 : 0)

  function plug(socket: Socket) {
    const timers = new Map<number, () => void>()
    on.fill(false)

    function set(index: number, state: boolean): void {
      if (welded.has(index)) return
      timers.get(index)?.()
      timers.delete(index)
      if (state && !on[index]) latches.energise(index + 1)
      on[index] = state
      if (state && momentary !== undefined)
        timers.set(
          index,
          socket.after(momentary, () => set(index, false)),
        )
    }

    function flash(index: number, state: boolean, tenths: number): boolean {
      if (lacks.includes('flash') || index >= relays || tenths < 1 || tenths > 0x7fff) return false
      set(index, state)
      timers.set(
        index,
        socket.after(tenths * 100, () => set(index, !state)),
      )
      return true
    }

    function writeCoil(at: number, value: number): boolean {
      if (at >= 0x0200 && at < 0x0400) return flash(at - 0x0200, true, value)
      if (at >= 0x0400 && at < 0x0600) return flash(at - 0x0400, false, value)
      const which = at === 0x00ff ? on.keys() : at < relays ? [at] : []
      if (![ON, 0, TOGGLE].includes(value)) return false
      let any = false
      for (const index of which) {
        any = true
        set(index, value === TOGGLE ? !on[index] : value === ON)
      }
      return any
    }

    const contact = (channel: number) =>
      channel <= relays && latches.locked(channel) ? true : contacts.on(channel)

    // In linkage mode what an input says drives its relay: a door that closes powers its own lock.
    latches.watch(channel => {
      if (modes[channel - 1] === 1) set(channel - 1, latches.locked(channel))
    })

    return modbusSlave(
      { ...settings, unit: address },
      {
        coil: at => on[at],
        input: at => (at < relays * 2 ? contact(at + 1) !== (inverted && at < relays) : undefined),
        holding(at) {
          if (at === 0x4000) return address
          if (at === 0x8000) return 200
          return lacks.includes('modes') ? undefined : modes[at - 0x1000]
        },
        writeCoil,
        writeHolding(at, value) {
          const index = at - 0x1000
          if (lacks.includes('modes') || index < 0 || index >= relays || value > 3) return false
          modes[index] = value
          return true
        },
      },
      socket,
    )
  }

  return {
    plug,
    powered: channel => on[channel - 1] ?? false,
    weld(channel) {
      welded.add(channel - 1)
      on[channel - 1] = true
    },
  }
}

const twin = (name: string, options: object, settings: Partial<ModbusRelaySettings>): LockTwin => ({
  name,
  driver: 'modbus-relay',
  baud: 9_600,
  options: { address: 5, ...options },
  plug: latches => modbusRelayBoard({ address: 5, ...settings }, latches).plug,
})

export const lockTwins: LockTwin[] = [
  twin('plain', {}, {}),
  twin('echoing', {}, { echoes: true }),
  twin('from the factory in linkage', {}, { linkage: true }),
  twin(
    'momentary clone',
    { pulse: 'momentary', control_mode: false },
    { momentary: 500, lacks: ['flash', 'modes'] },
  ),
  twin('other contacts', { closed_input: 0 }, { inverted: true }),
]
