import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { Aedes } from 'aedes'

/** A real MQTT broker in this process, with a network cable that can be pulled. */
export async function openBroker(port = 0) {
  const aedes = await Aedes.createBroker({ heartbeatInterval: 30_000 })
  const sockets = new Set<Socket>()
  let server: Server | undefined
  let at = port

  async function heal(): Promise<void> {
    if (server) return
    const fresh = createServer(socket => {
      socket.setNoDelay(true)
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
      socket.on('error', () => socket.destroy())
      aedes.handle(socket)
    })
    await new Promise<void>((resolve, reject) => {
      fresh.once('error', reject)
      fresh.listen(at, '127.0.0.1', resolve)
    })
    at = (fresh.address() as AddressInfo).port
    server = fresh
  }

  async function cut(): Promise<void> {
    const old = server
    server = undefined
    for (const socket of sockets) socket.destroy()
    await new Promise<void>(resolve => (old ? old.close(() => resolve()) : resolve()))
  }

  await heal()
  return {
    url: `mqtt://127.0.0.1:${at}`,
    cut,
    heal,
    /** Hears a topic, in process, as the operator's own services beside the broker do. */
    hear: (topic: string, heard: (payload: Buffer) => void) =>
      new Promise<void>(resolve =>
        aedes.subscribe(
          topic,
          (packet, done) => {
            heard(Buffer.from(packet.payload))
            done()
          },
          resolve,
        ),
      ),
    say: (topic: string, payload: object) =>
      aedes.publish(
        {
          cmd: 'publish',
          topic,
          payload: Buffer.from(JSON.stringify(payload)),
          qos: 1,
          dup: false,
          retain: false,
        },
        () => {},
      ),
    async close() {
      await cut()
      await new Promise<void>(resolve => aedes.close(resolve))
    },
  }
}

export type Broker = Awaited<ReturnType<typeof openBroker>>
