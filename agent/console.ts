import { chmodSync, rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { z } from 'zod'
import { nearest } from '../config/problem.ts'
import { captureOf } from './captures.ts'
import { Ask } from './domain/ask.ts'
import type { Row } from './domain/journal.ts'
import type { Claimant } from './domain/permission.ts'
import { pinIsRight, SALT, sealPin } from './domain/pin.ts'
import { verifyUnit } from './store/verify-open.ts'
import type { Unit } from './unit.ts'
import { doorsOf, lineViews, statusOf } from './views.ts'
import { bookingsOf } from './views-access.ts'
import { owedOf, recallsOf, recordsOf, stockOf } from './views-kiosk.ts'

/** One request a connection, one JSON line; answers are JSON lines, the last one with `done`. */
export const ConsoleRequest = z.discriminatedUnion('ask', [
  z.strictObject({ ask: z.literal('status') }),
  z.strictObject({ ask: z.literal('doors') }),
  z.strictObject({ ask: z.literal('bookings') }),
  z.strictObject({ ask: z.literal('lines') }),
  z.strictObject({ ask: z.literal('stock') }),
  z.strictObject({ ask: z.literal('recalls') }),
  z.strictObject({ ask: z.literal('owed') }),
  z.strictObject({ ask: z.literal('records-of') }),
  z.strictObject({ ask: z.literal('capture'), line: z.string() }),
  z.strictObject({ ask: z.literal('verify') }),
  z.strictObject({
    ask: z.literal('journal'),
    after: z.int().min(0).optional(),
    /** Unix time: rows from then on. */
    since: z.int().min(0).optional(),
    /** Milliseconds before now, by the unit's own clock. */
    ago: z.int().min(0).optional(),
    limit: z.int().min(1).max(100_000).default(50),
    follow: z.boolean().default(false),
  }),
  z.strictObject({
    ask: z.literal('do'),
    what: Ask,
    /** Who asks, where the site has rules for commands. */
    as: z
      .array(z.strictObject({ name: z.string().max(64), pin: z.string().max(64) }))
      .max(2)
      .default([]),
  }),
])
export type ConsoleRequest = z.input<typeof ConsoleRequest>

const LONGEST = 64 * 1024
const CONNECTIONS = 16
const PAGE = 500

export interface Console {
  /** From now on it answers for this unit; before, it says that the agent is starting. */
  answerFor(unit: Unit, key: Uint8Array): void
  close(): Promise<void>
}

/** Serves technicians on a Unix socket that only its owner may open. Refuses to take a living agent's place. */
export async function serveConsole(path: string, refuse: (says: string) => Error): Promise<Console> {
  if (await answers(path)) throw refuse(`another agent is running on ${path}: stop it first`)
  rmSync(path, { force: true })
  let serving: { unit: Unit; key: Uint8Array } | undefined
  const open = new Set<Socket>()
  const server = createServer(socket => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => socket.destroy())
    hearLine(socket, line => {
      if (serving) serve(socket, line, serving.unit, serving.key)
      else say(socket, { done: true, refused: 'the agent is starting: try again' })
    })
  })
  server.maxConnections = CONNECTIONS
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
  chmodSync(path, 0o600)
  return {
    answerFor(unit, key) {
      serving = { unit, key }
    },
    close: () =>
      new Promise(resolve => {
        for (const socket of open) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

const answers = (path: string): Promise<boolean> =>
  new Promise(resolve => {
    const probe = connect(path)
    probe.once('connect', () => {
      probe.destroy()
      resolve(true)
    })
    probe.once('error', () => resolve(false))
  })

function hearLine(socket: Socket, heard: (line: string) => void): void {
  let text = ''
  socket.setEncoding('utf8')
  const listen = (chunk: string): void => {
    text += chunk
    const end = text.indexOf('\n')
    if (end < 0 && text.length <= LONGEST) return
    socket.off('data', listen)
    if (end < 0) say(socket, { done: true, refused: 'the request is too long' })
    else heard(text.slice(0, end))
  }
  socket.on('data', listen)
}

function say(socket: Socket, answer: { done?: true } & Record<string, unknown>): boolean {
  const line = `${JSON.stringify(answer)}\n`
  if (!answer.done) return socket.write(line)
  socket.end(line)
  return true
}

function serve(socket: Socket, line: string, unit: Unit, key: Uint8Array): void {
  const request = parse(line)
  if (typeof request === 'string') return void say(socket, { done: true, refused: request })
  switch (request.ask) {
    case 'status':
      return void say(socket, { done: true, status: statusOf(unit) })
    case 'doors':
      return void say(socket, { done: true, doors: doorsOf(unit) })
    case 'bookings':
      return void say(socket, { done: true, bookings: bookingsOf(unit) })
    case 'lines':
      return void say(socket, { done: true, lines: lineViews(unit) })
    case 'stock':
      return void say(socket, { done: true, stock: stockOf(unit) })
    case 'recalls':
      return void say(socket, { done: true, recalls: recallsOf(unit) })
    case 'owed':
      return void say(socket, { done: true, owed: owedOf(unit) })
    case 'records-of':
      return void say(socket, { done: true, records_of: recordsOf(unit) })
    case 'capture':
      return capture(socket, unit, request.line)
    case 'verify':
      return void verify(socket, unit, key)
    case 'journal':
      return journal(socket, unit, request)
    case 'do':
      return act(socket, unit, request.what, request.as)
  }
}

function parse(line: string): z.output<typeof ConsoleRequest> | string {
  try {
    const parsed = ConsoleRequest.safeParse(JSON.parse(line))
    if (parsed.success) return parsed.data
    const [issue] = parsed.error.issues
    return `${issue?.path.join('.') || 'the request'}: ${issue?.message ?? 'is not right'}`
  } catch {
    return 'the request is not JSON'
  }
}

function capture(socket: Socket, { site, devices, clock }: Unit, name: string): void {
  const line = site.lines.find(each => each.name === name)
  if (line)
    return void say(socket, { done: true, capture: captureOf(line, devices, clock, 'somebody asked') })
  const names = site.lines.map(each => each.name)
  const meant = nearest(name, names)
  const remedy = meant === undefined ? `choose ${names.join(', ')}` : `did you mean ${meant}?`
  say(socket, { done: true, refused: `there is no line "${name}": ${remedy}` })
}

async function verify(socket: Socket, unit: Unit, key: Uint8Array): Promise<void> {
  const pause = () => new Promise<void>(resolve => void unit.clock.after(0, resolve))
  say(socket, { done: true, verdict: await verifyUnit(unit.store, key, pause) })
}

/** Rows in pages, the next one when the last has left, so that a slow reader never fills the memory. */
function journal(
  socket: Socket,
  unit: Unit,
  request: z.output<typeof ConsoleRequest> & { ask: 'journal' },
): void {
  const { store } = unit
  const head = store.journal.head().seq
  const from = request.ago === undefined ? request.since : unit.present.known.wall - request.ago
  const since = from === undefined ? undefined : (store.journal.firstSince(from) ?? head + 1) - 1
  let after = request.after ?? since ?? Math.max(0, head - request.limit)
  let left =
    request.after === undefined && since === undefined
      ? request.limit
      : request.follow
        ? Infinity
        : request.limit
  const more = (): void => {
    while (left > 0) {
      const rows = store.journal.after(after, Math.min(PAGE, left))
      const last = rows.at(-1)
      if (!last) break
      after = last.seq
      left -= rows.length
      if (!say(socket, { rows })) return void socket.once('drain', more)
    }
    if (!request.follow) return void say(socket, { done: true })
    left = Infinity
  }
  more()
  if (request.follow)
    socket.on(
      'close',
      unit.follow(() => left === Infinity && more()),
    )
}

/** What a command without a door has to show. */
const WITHOUT_DOOR: ReadonlySet<string> = new Set<Row['entry']['type']>([
  'technician-challenged',
  'open-all-began',
])

/** As much work for a name that nobody has. */
function claimant({ site }: Unit, { name, pin }: { name: string; pin: string }): Claimant {
  const sealed = site.staff.find(each => each.name === name)?.pin
  const right = pinIsRight(pin, sealed ?? NOBODY)
  return { name, right: right && sealed !== undefined }
}

const NOBODY = sealPin('0000', new Uint8Array(SALT))

/** Streams what is written down about the door until the answer is there. */
function act(socket: Socket, unit: Unit, what: Ask, as: { name: string; pin: string }[]): void {
  const compartment = 'compartment' in what ? what.compartment : undefined
  const unfollow = unit.follow(rows => {
    const mine = rows.filter(({ entry }) =>
      compartment === undefined
        ? WITHOUT_DOOR.has(entry.type)
        : 'compartment' in entry && entry.compartment === compartment,
    )
    if (mine.length > 0) say(socket, { rows: mine })
  })
  socket.on('close', unfollow)
  void unit.ask(what, unit.site.commands ? as.map(each => claimant(unit, each)) : []).then(answer => {
    unfollow()
    say(socket, { done: true, answer })
  })
}
