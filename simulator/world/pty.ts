import { rmSync, symlinkSync, writeSync } from 'node:fs'
import type { ReadStream } from 'node:tty'
import pty from '@lydell/node-pty'
import type { Clock } from '../../drivers/host/clock.ts'
import type { Plug } from '../devices/peripheral.ts'
import { cable } from './cable.ts'
import { type Wear, wornWire } from './wire.ts'

/** What node-pty gives and its types do not say. */
interface Opened {
  _fd: number
  _pty: string
  master: ReadStream
  slave: { destroy(): void }
}

const ptys = pty as unknown as { open(how: { cols: number; rows: number; encoding: null }): Opened }

export interface PtySettings {
  clock: Clock
  baud: number
  plugs: readonly Plug[]
  /** A path that stays while the port behind it comes and goes, as the names under /dev/serial/by-id do. */
  link: string
  /** How badly the cable behaves; a good one without. */
  wear?: Omit<Wear, 'clock'> | undefined
}

/** The same devices on a real tty, for the real agent. A pty has no baud rate, so the cable paces the bytes. */
export function openPty({ clock, baud, plugs, link, wear }: PtySettings) {
  let port: Opened | undefined
  const direction = wear ? wornWire({ clock, ...wear }) : (arrive: (bytes: Uint8Array) => void) => arrive
  const toUnit = direction(bytes => {
    if (port) writeSync(port._fd, bytes)
  })
  const bus = cable(clock, baud, plugs, toUnit)
  const fromUnit = direction(bus.fromUnit)

  function plug(): void {
    const opened = ptys.open({ cols: 80, rows: 24, encoding: null })
    // Otherwise node-pty's own reader of the far end eats what the agent should hear.
    opened.slave.destroy()
    opened.master.on('data', fromUnit)
    opened.master.on('error', () => {})
    port = opened
    rmSync(link, { force: true })
    symlinkSync(opened._pty, link)
  }

  function unplug(): void {
    const gone = port
    port = undefined
    rmSync(link, { force: true })
    gone?.master.destroy()
  }

  plug()
  return { path: link, kill: bus.kill, revive: bus.revive, ruined: bus.ruined, plug, unplug }
}

export type Pty = ReturnType<typeof openPty>
