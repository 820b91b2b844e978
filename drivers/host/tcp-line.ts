import { connect } from 'node:net'
import { type Millis, systemClock } from './clock.ts'
import type { Line, Listener, OpenLine } from './line.ts'

export interface TcpSettings {
  host: string
  port: number
}

const CONNECT_WITHIN: Millis = 5_000
const WRITE_WITHIN: Millis = 2_000
const KEEP_ALIVE: Millis = 10_000

/** An Ethernet converter that carries the bytes of a serial line unchanged. */
export function tcpLine({ host, port }: TcpSettings): OpenLine {
  const name = `${host}:${port}`

  return listener =>
    new Promise((resolve, reject) => {
      const socket = connect({
        host,
        port,
        // A five-byte frame must not wait for the acknowledgement of the one before.
        noDelay: true,
        keepAlive: true,
        keepAliveInitialDelay: KEEP_ALIVE,
      })
      const refuse = (why: string): void => {
        cancel()
        socket.removeAllListeners()
        socket.on('error', () => {})
        socket.destroy()
        reject(new Error(why))
      }
      const cancel = systemClock.after(CONNECT_WITHIN, () =>
        refuse(`${name} did not answer within ${CONNECT_WITHIN / 1_000} seconds.`),
      )
      socket.once('error', error => refuse(explain(error, name)))
      socket.once('connect', () => {
        cancel()
        socket.removeAllListeners('error')
        resolve(openSocket(socket, name, listener))
      })
    })
}

function openSocket(socket: ReturnType<typeof connect>, name: string, listener: Listener): Line {
  let over = false

  function lost(why: string): void {
    if (over) return
    close()
    listener.lost(why)
  }

  function close(): void {
    over = true
    // A reset, not an orderly end: that would still deliver what is under way, however late.
    socket.resetAndDestroy()
  }

  socket.on('data', (bytes: Uint8Array) => {
    if (!over) listener.read(bytes)
  })
  socket.on('error', error => lost(explain(error, name)))
  socket.on('end', () => lost(`${name} closed the connection.`))
  socket.on('close', () => lost(`The connection to ${name} is gone.`))

  return {
    write(bytes) {
      if (over) return
      const cancel = systemClock.after(WRITE_WITHIN, () => lost(`${name} takes no more bytes.`))
      socket.write(Uint8Array.from(bytes), error => {
        cancel()
        if (error) lost(explain(error, name))
      })
    },
    close() {
      if (!over) close()
    },
  }
}

/** One sentence for people, out of the system's code. */
function explain(error: NodeJS.ErrnoException, name: string): string {
  switch (error.code) {
    case 'ECONNREFUSED':
      return `${name} refuses connections: check the port, and that no other program holds the converter.`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The name in ${name} is not known to the network.`
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `There is no way to ${name} in the network.`
    case 'ECONNRESET':
    case 'EPIPE':
      return `${name} broke the connection.`
    case undefined:
      return `${name}: ${error.message}.`
    default:
      return `${name}: ${error.code}.`
  }
}
