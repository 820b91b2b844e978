import { mkdtempSync, rmSync, symlinkSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ReadStream } from 'node:tty'
import pty from '@lydell/node-pty'
import { afterEach, expect, test, vi } from 'vitest'
import { superviseLine } from '../supervised-line.ts'
import { systemClock } from './clock.ts'
import { systemEntropy } from './entropy.ts'
import type { Line } from './line.ts'
import { serialLine } from './serial-line.ts'

/** What node-pty gives and its types do not say. */
interface Opened {
  _fd: number
  _pty: string
  master: ReadStream
  slave: { destroy(): void }
}

const ptys = pty as unknown as { open(how: { cols: number; rows: number; encoding: null }): Opened }
const undo: (() => void)[] = []
const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 10_000, interval: 5 })

afterEach(() => {
  for (const step of undo.splice(0).reverse()) step()
})

/** A real tty under a path that stays while the port behind it comes and goes. */
function socket() {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-tty-'))
  const path = join(folder, 'port')
  const arrived: number[] = []
  let present: Opened | undefined

  function plug(): void {
    const opened = ptys.open({ cols: 80, rows: 24, encoding: null })
    // Otherwise its own reader of the far end eats what the line should hear.
    opened.slave.destroy()
    opened.master.on('data', (bytes: Buffer) => void arrived.push(...bytes))
    opened.master.on('error', () => {})
    present = opened
    symlinkSync(opened._pty, path)
  }

  function unplug(): void {
    rmSync(path, { force: true })
    // Not the terminal's own destroy: that would send a signal to a process it never started.
    present?.master.destroy()
    present = undefined
  }

  undo.push(() => {
    unplug()
    rmSync(folder, { recursive: true })
  })
  plug()
  return {
    path,
    arrived,
    plug,
    unplug,
    stopReading: () => void present?.master.pause(),
    say: (bytes: Uint8Array) => present && writeSync(present._fd, bytes),
  }
}

function settings(path: string, baud = 9_600) {
  return { path, baud, data_bits: 8, parity: 'none', stop_bits: 1 } as const
}

async function open(path: string, baud?: number) {
  const heard: number[] = []
  const lost: string[] = []
  const line: Line = await serialLine(settings(path, baud))({
    read: bytes => void heard.push(...bytes),
    lost: why => void lost.push(why),
  })
  undo.push(() => line.close())
  return { line, heard, lost }
}

const every = Uint8Array.from({ length: 256 }, (_, byte) => byte)

test('all 256 values pass unchanged, both ways', async () => {
  const port = socket()
  const { line, heard } = await open(port.path)
  line.write(every)
  await until(() => expect(port.arrived).toEqual([...every]))
  port.say(every)
  await until(() => expect(heard).toEqual([...every]))
})

test('a port that is not there, is no port or is taken is refused in a sentence', async () => {
  const port = socket()
  await expect(open('/dev/no-such-port')).rejects.toThrow(
    '/dev/no-such-port is not there: check the adapter and the path in the site file.',
  )
  await expect(open('/dev/null')).rejects.toThrow('/dev/null is not a serial port.')
  await open(port.path)
  await expect(open(port.path)).rejects.toThrow(`${port.path} is in use by another program.`)
})

test('after it is closed a port can be opened again, and the old object is dumb', async () => {
  const port = socket()
  const first = await open(port.path)
  first.line.close()
  const second = await vi.waitUntil(() => open(port.path).catch(() => undefined), { timeout: 10_000 })
  first.line.write(Uint8Array.of(0x11))
  second.line.write(Uint8Array.of(0x22))
  port.say(Uint8Array.of(0x33))
  await until(() => expect(second.heard).toEqual([0x33]))
  expect(port.arrived).toEqual([0x22])
  expect(first).toMatchObject({ heard: [], lost: [] })
})

test('an unplugged port is lost, once', async () => {
  const port = socket()
  const { line, lost } = await open(port.path)
  port.unplug()
  await until(() => expect(lost).toHaveLength(1))
  line.write(Uint8Array.of(0x11))
  line.close()
  expect(lost).toEqual([`${port.path} was unplugged.`])
})

test('a port that takes no more bytes is lost by a deadline of ours', async () => {
  const port = socket()
  const { line, lost } = await open(port.path, 921_600)
  port.stopReading()
  const began = performance.now()
  for (let block = 0; block < 256; block++) line.write(new Uint8Array(1_024))
  await until(() => expect(lost).toEqual([`${port.path} takes no more bytes.`]))
  expect(performance.now() - began).toBeLessThan(5_000)
})

test('a line comes back by itself with a new epoch, and nothing meant for the old one or written meanwhile does', async () => {
  const port = socket()
  const told: string[] = []
  const heard: number[] = []
  const line = superviseLine({
    open: serialLine(settings(port.path)),
    clock: systemClock,
    entropy: systemEntropy,
    up: epoch => void told.push(`up ${epoch}`),
    down: why => void told.push(`down: ${why}`),
    read: bytes => void heard.push(...bytes),
  })
  undo.push(() => line.close())
  await until(() => expect(told).toEqual(['up 1']))
  port.unplug()
  await until(() => expect(told).toContain(`down: ${port.path} was unplugged.`))
  // The ghost unlock: kept while the port is away, fired at whoever stands there when it is back.
  line.write(1, Uint8Array.of(0x8a, 0x01, 0x01, 0x11, 0x9b))
  port.plug()
  await until(() => expect(told.at(-1)).toBe('up 2'))
  line.write(1, Uint8Array.of(0x8a, 0x01, 0x02, 0x11, 0x98))
  line.write(2, Uint8Array.of(0x42))
  await until(() => expect(port.arrived).toContain(0x42))
  expect(port.arrived).toEqual([0x42])
  port.say(Uint8Array.of(0x43))
  await until(() => expect(heard).toEqual([0x43]))
})
