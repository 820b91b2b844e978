import { connect } from 'node:net'
import type { ConsoleRequest } from '../console.ts'
import type { Answer } from '../domain/ask.ts'
import type { RecordsOf } from '../domain/dispense-record.ts'
import type { Row } from '../domain/journal.ts'
import type { Verdict } from '../store/verify.ts'
import type { DoorView, LineView, Status } from '../views.ts'
import type { BookingView } from '../views-access.ts'
import type { LaneView, Owed, RecallView } from '../views-kiosk.ts'
import { Stop } from './exit.ts'

/** What the agent says back: any of these, the last line with `done`. */
export interface Reply {
  done?: true
  refused?: string
  status?: Status
  doors?: DoorView[]
  bookings?: BookingView[]
  lines?: LineView[]
  stock?: LaneView[]
  recalls?: RecallView[]
  owed?: Owed
  records_of?: RecordsOf
  /** What passed on a line, as `writeCapture` writes it. */
  capture?: string
  verdict?: Verdict
  rows?: Row[]
  answer?: Answer
}

export interface AgentSocket {
  /** Asks once; `heard` gets each line before the last. Stops the command when the agent is away or refuses. */
  ask(request: ConsoleRequest, heard?: (reply: Reply) => void): Promise<Reply>
}

/** Who gives a command, with their PIN. */
export type Person = { name: string; pin: string }

const LONGEST = 64 * 1024 * 1024

/** The running agent behind the first of `paths` that answers. */
export const agentSocket = (paths: string[], people: () => Person[] = () => []): AgentSocket => ({
  async ask(plain, heard = () => {}) {
    const request = plain.ask === 'do' ? { ...plain, as: people() } : plain
    for (const path of paths) {
      const reply = await converse(path, request, heard)
      if (reply === 'away') continue
      if (reply.refused !== undefined) throw new Stop('refused', `The agent refused: ${reply.refused}.`)
      return reply
    }
    throw new Stop(
      'away',
      `No agent is running on ${paths.join(' or ')}. Start it with "pawl run SITE", or say where it is with --site FILE or --socket PATH.`,
    )
  },
})

function converse(
  path: string,
  request: ConsoleRequest,
  heard: (reply: Reply) => void,
): Promise<Reply | 'away'> {
  return new Promise((resolve, reject) => {
    const socket = connect(path)
    let text = ''
    let up = false
    socket.setEncoding('utf8')
    socket.once('connect', () => {
      up = true
      socket.write(`${JSON.stringify(request)}\n`)
    })
    socket.on('data', (chunk: string) => {
      text += chunk
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
        const reply = JSON.parse(text.slice(0, end)) as Reply
        text = text.slice(end + 1)
        if (reply.done) {
          socket.destroy()
          return resolve(reply)
        }
        heard(reply)
      }
      if (text.length > LONGEST) socket.destroy(new Error('it says too much'))
    })
    socket.once('error', error => {
      if ('code' in error && error.code === 'EACCES')
        reject(new Stop('away', `${path} belongs to somebody else: be its owner, or use sudo.`))
    })
    socket.once('close', () => {
      if (up) reject(new Stop('away', 'The agent went away before it had answered.'))
      else resolve('away')
    })
  })
}
