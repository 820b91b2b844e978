import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Aedes } from 'aedes'

/** A broker that somebody else wrote, on a port of this machine. */
export interface TestBroker {
  port: number
  /** Ends as in a power cut. */
  kill(): Promise<void>
}

const listening = (server: Server, port = 0): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })

const closed = (server: Server, sockets: Set<Socket>): Promise<void> => {
  for (const socket of sockets) socket.destroy()
  return new Promise(resolve => server.close(() => resolve()))
}

/** Aedes, which speaks MQTT 3.1.1. With `password`, it wants exactly that. */
export async function aedesBroker(password?: string): Promise<TestBroker> {
  const aedes = await Aedes.createBroker(
    password === undefined
      ? {}
      : { authenticate: (_client, _name, given, done) => done(null, given?.toString() === password) },
  )
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket.setNoDelay(true))
    socket.on('error', () => socket.destroy())
    aedes.handle(socket)
  })
  const port = await listening(server)
  return {
    port,
    async kill() {
      await closed(server, sockets)
      await new Promise<void>(resolve => aedes.close(resolve))
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  const port = await listening(server)
  await closed(server, new Set())
  return port
}

/** Mosquitto, which speaks MQTT 5 too and keeps sessions on the disk. `again` starts it anew on what it kept. */
export async function mosquittoBroker(
  ...settings: string[]
): Promise<TestBroker & { again(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-mosquitto-'))
  const port = await freePort()
  const file = join(folder, 'mosquitto.conf')
  const lines = [
    `listener ${port} 127.0.0.1`,
    'persistence true',
    `persistence_location ${folder}/`,
    'user root',
  ]
  writeFileSync(
    file,
    [...lines, 'autosave_on_changes true', 'autosave_interval 1', ...settings, ''].join('\n'),
  )

  const start = () =>
    new Promise<ReturnType<typeof spawn>>((resolve, reject) => {
      const broker = spawn('/usr/sbin/mosquitto', ['-c', file], { stdio: ['ignore', 'ignore', 'pipe'] })
      let said = ''
      broker.once('error', () => reject(new Error('mosquitto is missing: apt-get install mosquitto')))
      broker.once('exit', () => reject(new Error(`mosquitto ended: ${said}`)))
      broker.stderr?.on('data', text => {
        said += text
        if (said.includes(' running')) resolve(broker)
      })
    })
  const stop = () =>
    new Promise<void>(resolve => {
      running.once('exit', () => resolve())
      running.kill('SIGTERM')
    })

  let running = await start()
  return {
    port,
    async again() {
      await stop()
      running = await start()
    },
    async kill() {
      await stop()
      rmSync(folder, { recursive: true })
    },
  }
}

/** A network cable to a broker, to be pulled. */
export async function cable(to: number) {
  const sockets = new Set<Socket>()
  let breaksAfter = Number.POSITIVE_INFINITY
  let cuts = 0
  let server: Server | undefined

  const plug = () =>
    createServer(near => {
      const far = connect(to, '127.0.0.1').setNoDelay(true)
      let carried = 0
      near.setNoDelay(true)
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        sockets.add(one)
        one.on('error', () => one.destroy())
        one.on('close', () => other.destroy())
        one.on('data', bytes => {
          carried += bytes.length
          if (carried <= breaksAfter) return void other.write(bytes)
          cuts++
          one.destroy()
        })
      }
    })

  const first = plug()
  const port = await listening(first)
  server = first
  return {
    broker: `mqtt://127.0.0.1:${port}`,
    /** Each connection breaks after so many bytes; the bytes that break it are lost. */
    breakAfter(bytes: number): void {
      breaksAfter = bytes
    },
    cuts: () => cuts,
    async cut() {
      const old = server
      server = undefined
      if (old) await closed(old, sockets)
    },
    async heal() {
      server = plug()
      await listening(server, port)
    },
  }
}
