import type { Clock } from '../../drivers/host/clock.ts'
import type { Ask } from '../domain/ask.ts'
import type { RawRow } from '../domain/chain.ts'
import type { Seal } from '../domain/codes.ts'
import type { Birth } from './messages.ts'
import { Confirm, InstructionMessage, readMessage, sealAsk, type Topics } from './messages.ts'
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
  seal: Seal
  /** An instruction, sealed. `done` lets the broker forget it. */
  heard(instruction: { id: string; expires: number; ask: Ask }, done: () => void): void
  /** A message nobody could read. It is not asked for again. */
  refused(channel: string, says: string): void
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
    upload = stepUpload(upload, event)
    cancelResend()
    const deadline = uploadDeadline(upload)
    if (deadline === undefined) return
    cancelResend = clock.after(Math.max(0, deadline - clock.now()), () => {
      step({ type: 'overdue', at: clock.now() })
      send()
    })
  }

  function send(): void {
    for (let room = allowed(upload); room; room = allowed(upload)) {
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
    if (topic === topics.confirm) {
      const read = readMessage(Confirm, payload)
      if (!read.ok) parts.refused('confirm', read.says)
      else if (read.value.epoch === epoch) confirmed(read.value.seq)
      return done()
    }
    const read = readMessage(InstructionMessage, payload)
    if (read.ok) {
      const { id, expires, ask } = read.value
      return parts.heard({ id, expires, ask: sealAsk(ask, parts.seal) }, done)
    }
    parts.refused('instruction', read.says)
    done()
  }

  function confirmed(seq: number): void {
    const before = upload.confirmed
    step({ type: 'confirmed', seq, at: clock.now() })
    if (upload.confirmed > before) parts.confirmedUpTo(upload.confirmed)
    send()
  }

  const uplink = parts.openUplink({
    subscribe: [topics.confirm, topics.instruction],
    introduce() {
      const session = parts.nextSession()
      return {
        session,
        will: { topic: topics.death, payload: JSON.stringify({ v: 1, unit, epoch, session }) },
      }
    },
    hear(event) {
      switch (event.type) {
        case 'up':
          road = { since: clock.now() }
          step({ type: 'up', at: clock.now() })
          birth(event.session)
          return send()
        case 'down':
          if (road.why === undefined) road = { why: event.why, since: clock.now() }
          else road = { ...road, why: event.why }
          return step({ type: 'down' })
        case 'roomy':
          return send()
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
