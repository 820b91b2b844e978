import { connect } from 'node:net'
import type { ConsoleRequest } from '../../agent/console.ts'
import type { Answer, Ask } from '../../agent/domain/ask.ts'
import type { Owed, RecallView } from '../../agent/views-kiosk.ts'
import type { Station } from './station.ts'

interface Said {
  answer?: Answer
  owed?: Owed
  recalls?: RecallView[]
  refused?: string
}

/** One question at the unit itself, over its socket as `pawl` asks it. Rejects where no agent answers. */
export function asks({ socket: path }: Pick<Station, 'socket'>, request: ConsoleRequest): Promise<Said> {
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(path, () => socket.write(`${JSON.stringify(request)}\n`))
    socket.on('data', chunk => {
      text += chunk.toString()
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      const last = text.trimEnd().split('\n').at(-1) ?? ''
      if (text.endsWith('\n')) resolve(JSON.parse(last) as Said)
      else reject(new Error('the agent does not answer'))
    })
  })
}

/** What the unit answers to somebody who stands there and asks it to do something. */
export async function desk(town: Pick<Station, 'socket'>, what: Ask): Promise<Answer> {
  const { answer, refused = 'the agent gave no answer' } = await asks(town, { ask: 'do', what })
  return answer ?? { outcome: 'refused', why: refused }
}

/** The same, for what must not be refused. */
export async function done(town: Pick<Station, 'socket'>, what: Ask): Promise<void> {
  const answer = await desk(town, what)
  if (answer.outcome !== 'done') throw new Error(`${what.kind} was ${answer.outcome}: ${answer.why}`)
}
