import type { Clock } from '../../drivers/host/clock.ts'
import type { Ask } from '../domain/ask.ts'
import type { RawRow } from '../domain/chain.ts'
import type { Edge } from '../domain/edge.ts'
import { type Birth, Confirm, type Death, readInstruction, readMessage, type Topics } from './messages.ts'
import { openTelemetry } from './telemetry.ts'
import type { OpenUplink } from './uplink.ts'
import { allowed, freshUpload, stepUpload, type UploadEvent, uploadDeadline } from './upload.ts'

/** The journal as the upload reads it. */
export interface JournalReader {
  head(): { seq: number; hash: string }
  rawAfter(seq: number, limit: number): RawRow[]
  hashAt(seq: number): string | undefined
}

export interface CloudLinkParts {
  clock: Clock
  journal: JournalReader
  openUplink: OpenUplink
  topics: Topics
  unit: string
  epoch: string
  version: Birth['version']
  /** How far the cloud was when last heard of. */
  confirmed: number
  wall(): number
  /** A session number that was never used before, already on the disk. */
  nextSession(): number
  edge: Edge
  /** An instruction, sealed. `done` lets the broker forget it. */
  heard(instruction: { id: string; expires: number; ask: Ask }, done: () => void): void
  /** An instruction that cannot be followed, though its id could be read: it is owed an answer. */
  unreadable(instruction: { id: string; says: string }, done: () => void): void
  /** A message nobody could read. It is not asked for again. */
  refused(channel: string, says: string): void
  /** The cloud itself spoke: rights are as fresh as that. */
  heardFrom?(): void
  /** How the devices do at this moment. */
  telemetry(): object
  /** The cloud has that much. Less than before when the cloud lost rows: they are sent again. */
  confirmedUpTo(seq: number): void
}

export interface CloudStatus {
  up: boolean
  why?: string
  /** When that began, on the steady clock. */
  since: number
  sent: number
  confirmed: number
}

export interface CloudLink {
  /** New rows were committed. */
  grew(): void
  status(): CloudStatus
  close(): void
}

const ROWS = 100
const BYTES = 60_000

/** Sends the journal up and hears what comes down. Keeps no queue of its own: the journal is the queue. */
export function openCloudLink(parts: CloudLinkParts): CloudLink {
  const { clock, journal, topics, unit, epoch } = parts
  let upload = freshUpload(Math.min(parts.confirmed, journal.head().seq))
  let road: { why?: string; since: number } = { why: 'not connected yet', since: clock.now() }
  let cancelResend = () => {}

  function step(event: UploadEvent): void {
    const before = upload.confirmed
    upload = stepUpload(upload, event)
    if (upload.confirmed !== before) parts.confirmedUpTo(upload.confirmed)
    cancelResend()
    const deadline = uploadDeadline(upload)
    if (deadline === undefined) return
    cancelResend = clock.after(Math.max(0, deadline - clock.now()), () => {
      step({ type: 'overdue', at: clock.now() })
      send()
    })
  }

  function send(): void {
    for (let room = allowed(upload); room && room.after < journal.head().seq; room = allowed(upload)) {
      const rows = journal.rawAfter(room.after, Math.min(ROWS, room.limit))
      const batch = cut(rows)
      const last = batch.at(-1)
      if (!last) return
      const prev = journal.hashAt(room.after)
      const body = `{"v":1,"epoch":"${epoch}","prev":"${prev}","rows":[${batch.map(rowText).join(',')}]}`
      if (!uplink.publish(topics.journal, body)) return
      step({ type: 'sent', last: last.seq, at: clock.now() })
    }
  }

  function birth(session: number): void {
    const said: Birth = {
      v: 1,
      unit,
      epoch,
      session,
      version: parts.version,
      head: journal.head(),
      confirmed: upload.confirmed,
      at: parts.wall(),
    }
    uplink.publish(topics.birth, JSON.stringify(said))
  }

  function message(topic: string, payload: Uint8Array, done: () => void): void {
    if (topic === topics.instruction) return instruction(payload, done)
    const read = readMessage(Confirm, payload)
    if (!read.ok) parts.refused('confirm', read.says)
    else if (read.value.epoch === epoch) {
      parts.heardFrom?.()
      step({ type: 'confirmed', seq: read.value.seq, at: clock.now() })
      send()
    }
    done()
  }

  function instruction(payload: Uint8Array, done: () => void): void {
    parts.heardFrom?.()
    const read = readInstruction(payload, parts.edge)
    if (read.ok) return parts.heard(read.instruction, done)
    parts.refused('instruction', read.says)
    if (read.id === undefined) return done()
    parts.unreadable({ id: read.id, says: read.says }, done)
  }

  const telemetry = openTelemetry({
    clock,
    take: parts.telemetry,
    publish: text => road.why === undefined && uplink.publish(topics.telemetry, text),
  })
  const uplink = parts.openUplink({
    subscribe: [topics.confirm, topics.instruction],
    introduce() {
      const session = parts.nextSession()
      const said: Death = { v: 1, unit, epoch, session }
      return { session, will: { topic: topics.death, payload: JSON.stringify(said) } }
    },
    hear(event) {
      switch (event.type) {
        case 'up':
          road = { since: clock.now() }
          step({ type: 'up', at: clock.now() })
          birth(event.session)
          send()
          return telemetry.roomy()
        case 'down':
          if (road.why === undefined) road = { why: event.why, since: clock.now() }
          else road = { ...road, why: event.why }
          return step({ type: 'down' })
        case 'roomy':
          send()
          return telemetry.roomy()
        case 'message':
          return message(event.topic, event.payload, event.done)
      }
    },
  })

  return {
    grew: send,
    status: () => ({ up: road.why === undefined, ...road, sent: upload.sent, confirmed: upload.confirmed }),
    close() {
      cancelResend()
      telemetry.close()
      uplink.close()
    },
  }
}

/** The entry goes up as the very text that the chain covers. */
const rowText = ({ seq, at, entry, hash }: RawRow): string =>
  `{"seq":${seq},"at":${at},"entry":${entry},"hash":"${hash}"}`

/** As many rows from the front as fit one message; always at least one. */
function cut(rows: RawRow[]): RawRow[] {
  let bytes = 0
  const end = rows.findIndex(({ entry }, index) => {
    bytes += entry.length + 130
    return bytes > BYTES && index > 0
  })
  return end < 0 ? rows : rows.slice(0, end)
}
