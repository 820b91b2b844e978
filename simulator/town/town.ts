import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { systemClock } from '../../drivers/host/clock.ts'
import { openBroker } from '../cloud/broker.ts'
import { openOperator } from '../cloud/operator.ts'
import { cu16Board } from '../devices/cu16-board.ts'
import { lineScanner } from '../devices/line-scanner.ts'
import { lock8aBoard } from '../devices/lock-8a-board.ts'
import { cabinet } from '../world/cabinet.ts'
import { openPty } from '../world/pty.ts'

const UNIT = 'autocentre-1'
const LEFT = ['A1', 'A2', 'A3', 'A4', 'A5', 'A6', 'A7', 'A8']
const RIGHT = ['B1', 'B2', 'B3', 'B4', 'B5', 'B6', 'B7', 'B8']
const SIZES = ['S', 'S', 'S', 'S', 'M', 'M', 'L', 'L']

/** Starts a program without the masters of our ptys: while it held them too, no port could ever be unplugged. */
const ALONE = [
  'for fd in /proc/$$/fd/*; do n=$(basename "$fd"); [ "$n" -gt 2 ] && eval "exec $n>&-"; done 2>/dev/null',
  'exec "$@"',
].join('; ')

/** A whole auto centre on this machine: steel, boards on real ptys, a real broker, and the real agent beside them. */
export async function openTown() {
  const clock = systemClock
  const folder = mkdtempSync(join(tmpdir(), 'pawl-town-'))
  const steel = cabinet({ clock, names: [...LEFT, ...RIGHT] })
  const scanner = lineScanner({ aim: true })
  const left = lock8aBoard({ address: 1, channels: 8, statusBytes: 3, pushes: 0x82 }, steel.latches(LEFT))
  const right = cu16Board({ address: 0 }, steel.latches(RIGHT))
  const lines = {
    left: openPty({ clock, baud: 9_600, plugs: [left], link: join(folder, 'tty-left') }),
    right: openPty({ clock, baud: 19_200, plugs: [right], link: join(folder, 'tty-right') }),
    counter: openPty({ clock, baud: 115_200, plugs: [scanner.plug], link: join(folder, 'tty-counter') }),
  }
  const broker = await openBroker()
  const operator = await openOperator(broker, UNIT, clock)
  const site = join(folder, 'site.yaml')
  const data = join(folder, 'data')
  mkdirSync(data, { mode: 0o700 })
  writeFileSync(site, stringify(describeSite(lines, broker.url, data)))
  let agent: ChildProcess | undefined
  let said = ''

  function startAgent(): void {
    if (agent) return
    said = ''
    const child = spawn(
      'bash',
      ['-c', ALONE, 'agent', process.execPath, join(import.meta.dirname, '../../agent/main.ts'), site],
      {
        env: { ...process.env, PAWL_LOG: 'warn' },
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    )
    child.stderr?.on('data', (text: Buffer) => {
      said = (said + text.toString()).slice(-4_000)
    })
    agent = child
  }

  async function endAgent(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = agent
    agent = undefined
    if (!child || child.exitCode !== null) return
    await new Promise<void>(resolve => {
      child.once('exit', () => resolve())
      child.kill(signal)
    })
  }

  return {
    clock,
    site,
    data,
    socket: join(data, 'pawl.sock'),
    steel,
    scanner,
    lines,
    broker,
    operator,
    startAgent,
    endAgent,
    /** What the agent last complained of. */
    said: () => said,
    async close() {
      await endAgent('SIGTERM')
      for (const line of Object.values(lines)) line.unplug()
      await broker.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export type Town = Awaited<ReturnType<typeof openTown>>

function describeSite(
  lines: Record<'left' | 'right' | 'counter', { path: string }>,
  broker: string,
  data: string,
) {
  const compartments = (names: string[], device: string) =>
    names.map((name, index) => ({
      name,
      size: SIZES[index],
      height_mm: 1_700 - 180 * index,
      device,
      channel: index + 1,
    }))
  return {
    unit: UNIT,
    data,
    lines: [
      { name: 'left', serial: { path: lines.left.path, baud: 9_600 } },
      { name: 'right', serial: { path: lines.right.path, baud: 19_200 } },
      { name: 'counter', serial: { path: lines.counter.path, baud: 115_200 } },
    ],
    devices: [
      {
        name: 'board-left',
        line: 'left',
        driver: 'lock-8a',
        options: { address: 1, channels: 8, status_bytes: 3 },
      },
      { name: 'board-right', line: 'right', driver: 'kerong-cu16', options: { address: 0 } },
      { name: 'scanner', line: 'counter', driver: 'line-scanner', options: { suffix: 'cr' } },
    ],
    compartments: [...compartments(LEFT, 'board-left'), ...compartments(RIGHT, 'board-right')],
    cloud: { broker },
    policy: { left_open_seconds: 10, remote_opens_per_hour: 1_000 },
  }
}
