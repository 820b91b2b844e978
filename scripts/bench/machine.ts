import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync, writeSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pty from '@lydell/node-pty'
import mqtt, { type MqttClient } from 'mqtt'
import { openBroker } from '../../simulator/cloud/broker.ts'

// Everything a bench starts. Each thing ends with `end()`; nothing listens beyond loopback.

export interface Ending {
  end(): Promise<void>
}

export function scratch(): Ending & { folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-bench-'))
  return { folder, end: async () => rmSync(folder, { recursive: true, force: true }) }
}

interface Opened {
  _fd: number
  _pty: string
  master: {
    on(event: 'data', heard: (bytes: Buffer) => void): void
    on(event: 'error', heard: () => void): void
    destroy(): void
  }
  slave: { destroy(): void }
}

/** A tty at full speed: what the far end reads and writes, at once. */
export function fastTty(link: string) {
  const opened = (pty as unknown as { open(how: object): Opened }).open({
    cols: 80,
    rows: 24,
    encoding: null,
  })
  opened.slave.destroy()
  opened.master.on('error', () => {})
  symlinkSync(opened._pty, link)
  return {
    path: link,
    send: (bytes: Uint8Array) => void writeSync(opened._fd, bytes),
    onBytes: (heard: (bytes: Buffer) => void) => opened.master.on('data', heard),
    end: async () => opened.master.destroy(),
  }
}

/** A child without our other files: while it held the far ends too, no port could be unplugged. */
const ALONE = [
  'for fd in /proc/$$/fd/*; do n=$(basename "$fd"); [ "$n" -gt 2 ] && eval "exec $n>&-"; done 2>/dev/null',
  'exec "$@"',
].join('; ')

export function start(
  ...words: string[]
): Ending & { child: ChildProcess; kill(signal: NodeJS.Signals): Promise<void> } {
  const child = spawn('bash', ['-c', ALONE, 'bench', process.execPath, ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PAWL_LOG: 'warn' },
  })
  const kill = (signal: NodeJS.Signals) =>
    new Promise<void>(resolve => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve()
      child.once('exit', () => resolve())
      child.kill(signal)
    })
  return { child, kill, end: () => kill('SIGTERM') }
}

/** The words that start the agent as it is shipped: compiled, and with the small young generation that the README advises. */
export function shipped(): string[] {
  execFileSync('tsc', ['-p', 'scripts/release.tsconfig.json'], { stdio: 'inherit' })
  return ['--max-semi-space-size=1', 'dist/agent/main.js']
}

/** Mosquitto where it is installed, else aedes in this process. */
export async function broker(folder: string): Promise<Ending & { url: string; name: string }> {
  const mosquitto = ['/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto'].find(path => existsSync(path))
  if (!mosquitto) {
    const aedes = await openBroker()
    return { url: aedes.url, name: 'aedes', end: aedes.close }
  }
  const port = await freePort()
  const config = join(folder, 'mosquitto.conf')
  writeFileSync(
    config,
    `listener ${port} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\nmax_queued_messages 0\n`,
  )
  const child = spawn(mosquitto, ['-c', config], { stdio: 'ignore' })
  return {
    url: `mqtt://127.0.0.1:${port}`,
    name: 'mosquitto',
    end: () =>
      new Promise(resolve => {
        child.once('exit', () => resolve())
        child.kill('SIGTERM')
      }),
  }
}

const freePort = (): Promise<number> =>
  new Promise(resolve => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })

/** A client of the bench itself, with Nagle's algorithm off. */
export async function client(url: string, ...topics: string[]): Promise<Ending & { mqtt: MqttClient }> {
  const connected = mqtt.connect(url, { reconnectPeriod: 100 })
  await new Promise<void>(resolve => connected.once('connect', () => resolve()))
  ;(connected.stream as unknown as { setNoDelay(on: boolean): void }).setNoDelay(true)
  if (topics.length > 0) await connected.subscribeAsync(topics, { qos: 1 })
  return { mqtt: connected, end: async () => void (await connected.endAsync(true)) }
}

/** Resident memory in MB. */
export const rss = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024

/** Processor time used so far, in seconds. */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}

export const sleep = (span: number) => new Promise<void>(resolve => setTimeout(resolve, span))

/** Waits until something is so; says what was waited for when it never is. */
export async function until(what: string, so: () => boolean, limit = 20_000): Promise<void> {
  const deadline = performance.now() + limit
  while (!so()) {
    if (performance.now() > deadline) throw new Error(`waited ${limit / 1_000} s in vain for ${what}`)
    await sleep(1)
  }
}

/** A site of lock boards on fast ttys, one a line of 24 doors at most, as YAML. */
export function siteText(
  unit: string,
  data: string,
  url: string | undefined,
  ttys: string[],
  doors: number,
): string {
  const lines = ttys.map(
    (path, index) => `  - { name: line-${index}, serial: { path: ${path}, baud: 9600 } }`,
  )
  const devices = ttys.map(
    (_path, index) =>
      `  - { name: board-${index}, line: line-${index}, driver: lock-8a, options: { address: 1, channels: ${doors}, status_bytes: 3 } }`,
  )
  const compartments = ttys.flatMap((_path, board) =>
    Array.from(
      { length: doors },
      (_, channel) =>
        `  - { name: D${board}-${channel + 1}, size: M, height_mm: 1000, device: board-${board}, channel: ${channel + 1} }`,
    ),
  )
  return [
    `unit: ${unit}`,
    `data: ${data}`,
    'lines:',
    ...lines,
    'devices:',
    ...devices,
    'compartments:',
    ...compartments,
    ...(url === undefined ? [] : [`cloud: { broker: '${url}' }`]),
    'policy: { remote_opens_per_hour: 1000 }',
    '',
  ].join('\n')
}
