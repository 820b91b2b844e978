import { spawn } from 'node:child_process'
import { copyFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Entry } from '../../agent/domain/journal.ts'
import { writeCapture } from '../../drivers/capture.ts'
import { PRODUCTS } from '../clinic/site.ts'
import { type ClinicTown, openClinicTown } from './clinic.ts'
import { agreeAtClinic } from './clinic-agree.ts'
import {
  codeFor,
  comes,
  inService,
  next,
  obeyed,
  refused,
  released,
  served,
  told,
  written,
} from './clinic-people.ts'
import { empties, fills, holds } from './clinic-staff.ts'
import { is, sees } from './people.ts'
import { formsOf, openTraces, type Traces } from './traces.ts'

const [AMOX, LISI] = PRODUCTS
/** Nothing else in the world is called so. */
const NAME = 'Zebulon Quisling-Ferrimoor'
const FACTOR = '830462917358'

let town: ClinicTown
let traces: Traces

beforeAll(async () => {
  town = await openClinicTown({ log: 'trace' })
  traces = await openTraces(town)
  town.startAgent()
  await inService(town)
  await fills(town, 'A1', 2)
  await fills(town, 'B1', 2)
})

afterAll(() => town.close())

function pawl(at: Pick<ClinicTown, 'socket'>, ...args: string[]) {
  const child = spawn(process.execPath, ['agent/cli/main.ts', ...args, '--socket', at.socket], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let out = ''
  child.stdout.on('data', (text: Buffer) => {
    out += text.toString()
  })
  return new Promise<{ code: number | null; out: string }>(resolve =>
    child.on('close', code => resolve({ code, out })),
  )
}

const entriesOf = (id: string): Entry[] => {
  const rows = town.operator.book.rows.map(({ entry }) => entry)
  return rows.slice(rows.findIndex(entry => 'prescription' in entry && entry.prescription === id))
}

const logSize = () => statSync(join(town.data, 'journal.db-wal')).size

/** Until what was known of the person is destroyed, and the log that held it is cut: it only ever grows else. */
async function destroyed(id: string, before: number): Promise<void> {
  await town.operator.until(
    `${id} to be destroyed`,
    is('personal-data-destroyed', entry => entry.prescription === id),
    30_000,
  )
  await sees(town, 'the cutting of the log', () => logSize() < before)
}

/** The rows of the vault, as a power cut would leave the store now. */
function vaulted(): string[] {
  const copy = join(town.data, '..', 'copy.db')
  for (const end of ['', '-wal']) copyFileSync(join(town.data, `journal.db${end}`), `${copy}${end}`)
  const db = new Database(copy)
  const names = db.prepare<[], string>('select name from vault').pluck().all()
  db.close()
  return names
}

const RESOLVE = ['resolve', 'removed', '--reason', 'fell unseen']

/** In the order in which the journal must tell of a patient who is served. */
const SERVED = [
  ...['presented', 'verified', 'print-ordered', 'printed', 'vend-ordered', 'vend-seen', 'pack-checked'],
  ...['unlock-ordered', 'door-opened', 'door-closed', 'handed-over', 'prescription-ended'],
]

test('the ordinary patient, end to end; the name is on the label and nowhere else, then gone for good', async () => {
  const script = await released(town, 'RX-1', AMOX.gtin, { patient: NAME, factor: FACTOR })
  const code = codeFor(town, script)
  const secrets = [NAME, FACTOR, code]
  expect(vaulted()).toEqual(['RX-1'])
  expect(traces.found(secrets)).toEqual([])
  const before = logSize()
  await served(town, script, {}, code)
  await destroyed('RX-1', before)

  const told = entriesOf('RX-1').filter(
    entry => SERVED.includes(entry.type) && !(entry.type === 'vend-seen' && entry.stage !== 'dropped'),
  )
  expect(told.map(({ type }) => type)).toEqual(SERVED)
  expect(told).toContainEqual(expect.objectContaining({ type: 'vend-seen', evidence: 'drop-sensor' }))
  expect(town.machine.ledger.turns).toHaveLength(1)
  expect(town.visits).toMatchObject([{ prescription: 'RX-1', why: 'served', holds: ['S1'] }])

  expect(town.printer.labels).toHaveLength(1)
  expect(town.printer.labels[0]).toContain(NAME)
  expect(vaulted()).toEqual([])
  expect(traces.found(secrets)).toEqual([])
  expect(
    traces.fromCloud.some(payload => payload.includes(NAME)),
    'it did come that way',
  ).toBe(true)
})

test('what is captured of a line tells nothing either, asked for or written down after a fault', async () => {
  const asked = ['labels', 'patients', 'keys'].map(line => pawl(town, 'capture', line))
  for (const { code, out } of await Promise.all(asked)) {
    expect(code).toBe(0)
    expect(out).toMatch(/\(\d+ bytes\)/)
    for (const form of [NAME, FACTOR].flatMap(formsOf)) expect(out).not.toContain(form.toString('latin1'))
  }
  const back = next(
    town,
    'the board to be back',
    is('device-online', entry => entry.device === 'board'),
  )
  town.lines.doors.kill(0)
  await town.operator.until(
    'the fault',
    is('device-offline', entry => entry.device === 'board'),
  )
  town.lines.doors.revive(0)
  await back
  expect(readdirSync(join(town.data, 'captures'))).toHaveLength(1)
  expect(traces.found([NAME, FACTOR])).toEqual([])
})

test('killed while a lane turns: held, nothing moves again, and `pawl resolve` ends it', async () => {
  const { machine, door } = town
  const script = await released(town, 'RX-2', LISI.gtin, { patient: NAME, factor: FACTOR })
  const turns = machine.ledger.turns.length
  const visit = comes(town, script, { patience: 7_000 })
  await sees(town, 'a turn', () => machine.ledger.turns.length > turns)
  await town.endAgent('SIGKILL')
  traces.keepComplaints()
  expect(vaulted()).toEqual(['RX-2'])
  expect(traces.found([NAME, FACTOR])).toEqual([])
  await sees(town, 'a pack to fall', () => machine.tray.length > 0)
  const held = holds(town, 'RX-2', 'interrupted')
  town.startAgent()
  await held
  await refused(town, script, 'in-progress')
  expect(await visit).toMatchObject({ why: 'gave-up', holds: [] })
  expect(await pawl(town, 'owed')).toMatchObject({ code: 0, out: expect.stringContaining('HELD: RX-2') })
  expect(await pawl(town, ...RESOLVE)).toMatchObject({
    code: 4,
    out: 'Refused: something lies in the tray: take it out first.\n',
  })

  const emptied = next(
    town,
    'the tray to be empty',
    is('input-changed', entry => !entry.on),
  )
  const closed = next(town, 'the door to be closed', is('door-closed'))
  expect(await empties(town)).toHaveLength(1)
  await Promise.all([emptied, closed])
  expect(await pawl(town, ...RESOLVE)).toMatchObject({ code: 0, out: 'Settled: the kiosk goes on.\n' })
  expect(entriesOf('RX-2')).toContainEqual(
    expect.objectContaining({ type: 'dispense-resolved', found: 'removed', reason: 'fell unseen' }),
  )
  expect(await pawl(town, 'count', 'B1', '1')).toMatchObject({ code: 0 })

  expect(machine.ledger.turns).toHaveLength(turns + 1)
  expect(door.releases, 'the lock was fired for RX-1 alone').toHaveLength(1)
  expect(town.visits.flatMap(each => each.holds)).toEqual(['S1'])
})

test('a withdrawn one is destroyed as well; at the end cabinet, journal and cloud agree', async () => {
  const before = logSize()
  await obeyed(town, { kind: 'withdraw', prescription: 'RX-2', reason: 'filled elsewhere', by: 'physician' })
  await destroyed('RX-2', before)
  expect(vaulted()).toEqual([])
  await town.endAgent('SIGTERM')
  expect(traces.found([NAME, FACTOR])).toEqual([])
  expect(agreeAtClinic(town).disagreements).toEqual([])
})

test('one turn, label, hand or pack too many, and they do not agree', () => {
  town.machine.ledger.turns.push({ at: 0, lane: 'A2' })
  town.printer.labels.push('^XA^XZ')
  town.visits.push({ prescription: 'RX-2', at: 0, why: 'served', holds: ['S3'] })
  town.machine.feed('C1', { id: 'S9', label: '' })
  expect(agreeAtClinic(town).disagreements).toEqual([
    'A2 turned 1 times, ordered 0 times',
    '3 labels were printed, the journal says 2',
    'S3 with RX-2 was carried away, and the journal does not say so',
    'C1 holds S9, the journal says nothing',
  ])
})

test('the search looks everywhere, and finds what is planted: in clear, in two bytes a letter, in base64, in a capture', () => {
  const everywhere = traces.found(['RX-2']).join()
  for (const place of ['payload', 'journal.db', 'standard output']) expect(everywhere).toContain(place)
  const head = { line: 'labels', about: 'planted', why: 'planted', when: 'now', now: 0 }
  const capture = writeCapture([{ at: 0, what: 'sent', bytes: Buffer.from(`^FD${NAME}^FS`) }], head)
  const planted = {
    clear: `x${NAME}x`,
    wide: Buffer.from(`x${NAME}x`, 'utf16le'),
    base64: Buffer.from(`xy${NAME}xy`).toString('base64'),
    capture,
  }
  for (const [name, content] of Object.entries(planted)) writeFileSync(join(town.data, name), content)
  const places = Object.keys(planted).map(name => `${NAME} in ${join(town.data, name)}`)
  expect(traces.found([NAME]).sort()).toEqual(places.sort())
})

test('a policy pack that nobody signed: nothing is taken in, and everybody is told why', async () => {
  const unsigned = await openClinicTown({ signed: false })
  try {
    unsigned.startAgent()
    await unsigned.operator.until(
      'the machine',
      is('device-online', entry => entry.device === 'vmc'),
    )
    const { ask } = written(unsigned, 'RX-3', AMOX.gtin)
    expect(await told(unsigned, ask)).toMatchObject({
      outcome: 'refused',
      why: 'the kiosk is out of service: no pharmacist has signed off its policy pack',
    })
    expect((await pawl(unsigned, 'owed')).out).toContain(
      'OUT OF SERVICE: no pharmacist has signed off its policy pack.\n',
    )
    const said = unsigned
      .logged()
      .split('\n')
      .find(line => line.includes('policy-pack-not-signed-off'))
    expect(JSON.parse(said ?? '{}')).toMatchObject({ why: 'no pharmacist has signed it off' })
  } finally {
    await unsigned.close()
  }
})
