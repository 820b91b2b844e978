import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync, writeSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import pty from '@lydell/node-pty'
import mqtt, { type MqttClient } from 'mqtt'
import { openBroker } from '../../simulator/cloud/broker.ts'
import type { Ending } from './ending.ts'
import { percentile } from './figure.ts'

// What benches start on this machine. Nothing listens beyond loopback.

const HOME = join(import.meta.dirname, '../..')

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

function alone(words: string[], talks: boolean): ChildProcess {
  return spawn('bash', ['-c', ALONE, 'bench', process.execPath, ...words], {
    cwd: HOME,
    stdio: [talks ? 'pipe' : 'ignore', talks ? 'pipe' : 'ignore', 'inherit'],
    env: { ...process.env, PAWL_LOG: 'warn' },
  })
}

const killing = (child: ChildProcess) => (signal: NodeJS.Signals) =>
  new Promise<void>(resolve => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.kill(signal)
  })

export function start(
  ...words: string[]
): Ending & { child: ChildProcess; pid: number; kill(signal: NodeJS.Signals): Promise<void> } {
  const child = alone(words, false)
  const kill = killing(child)
  return { child, pid: child.pid ?? 0, kill, end: () => kill('SIGTERM') }
}

/** A child that answers each line with one line of JSON, in turn. */
export function converse(...words: string[]): Ending & { ask<Said>(line: string): Promise<Said> } {
  const child = alone(words, true)
  const kill = killing(child)
  const waiting: { hear(line: string): void; lost(why: Error): void }[] = []
  if (child.stdout) createInterface(child.stdout).on('line', line => waiting.shift()?.hear(line))
  child.stdin?.on('error', () => {})
  child.once('exit', () => {
    for (const { lost } of waiting.splice(0)) lost(new Error(`${words.join(' ')} ended before it answered`))
  })
  return {
    ask: line =>
      new Promise((resolve, reject) => {
        waiting.push({ hear: said => resolve(JSON.parse(said)), lost: reject })
        child.stdin?.write(`${line}\n`)
      }),
    end: () => kill('SIGTERM'),
  }
}

/** The small young generation that the README advises for units. */
const AS_ADVISED = '--max-semi-space-size=1'

/** The words that start the agent as it is shipped: compiled, and with Node as advised. */
export function shipped(): string[] {
  const compiler = join(HOME, 'node_modules/.bin/tsc')
  execFileSync(compiler, ['-p', 'scripts/release.tsconfig.json'], { cwd: HOME, stdio: 'inherit' })
  return [AS_ADVISED, 'dist/agent/main.js']
}

const LIBRARIES = ['better-sqlite3', 'mqtt', 'pino', 'serialport', 'yaml', 'zod']
const BARE = [
  ...LIBRARIES.map(name => `await import('${name}')`),
  `const { readFileSync } = await import('node:fs')`,
  `console.log(/VmRSS:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1])`,
].join('\n')

/** Node with the agent's libraries loaded and nothing else: how long it lives, and how much it holds, at the median. */
export function bareNode(): { seconds: number; megabytes: number } {
  const turns = Array.from({ length: 7 }, () => {
    const from = performance.now()
    const words = [AS_ADVISED, '--input-type=module', '-e', BARE]
    const { stdout } = spawnSync(process.execPath, words, { cwd: HOME, encoding: 'utf8' })
    return { seconds: (performance.now() - from) / 1_000, megabytes: Number(stdout) / 1_024 }
  })
  const median = (key: keyof (typeof turns)[number]) =>
    percentile(
      turns.map(turn => turn[key]),
      0.5,
    )
  return { seconds: median('seconds'), megabytes: median('megabytes') }
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

/** Bytes that a process sent to storage so far, as the kernel counts them. */
export const written = (pid: number | 'self'): number =>
  Number(/^write_bytes: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1] ?? 0)

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
