import { spawn } from 'node:child_process'
import { copyFileSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTown, type Town } from './town.ts'

let town: Town

beforeAll(async () => {
  town = await openTown()
  town.startAgent()
  await online()
})

afterAll(() => town.close())

const online = () =>
  town.operator.until('every device to answer', () =>
    ['board-left', 'board-right', 'scanner'].every(device =>
      town.operator.book.rows.some(({ entry }) => entry.type === 'device-online' && entry.device === device),
    ),
  )

interface Ran {
  code: number | null
  out: string
  err: string
}

/** The command line itself, as a process. `until` ends it as soon as its output holds that. */
function pawl(args: string[], until?: string): Promise<Ran> {
  const child = spawn(process.execPath, ['agent/cli/main.ts', ...args], {
    env: { ...process.env, PAWL_SOCKET: town.socket },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ran: Ran = { code: null, out: '', err: '' }
  child.stderr.on('data', (text: Buffer) => {
    ran.err += text.toString()
  })
  child.stdout.on('data', (text: Buffer) => {
    ran.out += text.toString()
    if (until !== undefined && ran.out.includes(until)) child.kill('SIGKILL')
  })
  return new Promise(resolve => child.on('close', code => resolve({ ...ran, code })))
}

const narrow = (out: string): void => {
  for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
}

test('status: everything online, exit 0; the same as one JSON object on one line', async () => {
  const { code, out } = await pawl(['status'])
  expect(out).toContain('16 closed, 0 open, 0 unknown')
  expect(code).toBe(0)
  narrow(out)
  const json = await pawl(['status', '--json'])
  expect(json.out.trim().split('\n')).toHaveLength(1)
  expect(JSON.parse(json.out)).toMatchObject({ unit: 'autocentre-1', cloud: { up: true }, alarms: [] })
})

test('doors: all of them, or those named; one that does not exist is said, exit 1', async () => {
  const { out } = await pawl(['doors'])
  expect(out.trim().split('\n')).toHaveLength(17)
  narrow(out)
  expect(JSON.parse((await pawl(['doors', 'B2', '--json'])).out).doors).toMatchObject([
    { compartment: 'B2', door: 'closed', device: 'board-right', channel: 2 },
  ])
  expect(await pawl(['doors', 'Q9'])).toMatchObject({ code: 1, out: 'There is no compartment Q9.\n' })
})

test('open: ends with 0 once the sensor has seen the door; the reason is in the journal', async () => {
  const { code, out } = await pawl(['open', 'B1', '--reason', 'latch check'])
  expect(code).toBe(0)
  expect(out).toContain('B1 is open.')
  expect(town.steel.door('B1').releases).toHaveLength(1)
  town.steel.door('B1').push()
  const row = await town.operator.until('the reason', entry => entry.type === 'open-asked')
  expect(row.entry).toMatchObject({ compartment: 'B1', reason: 'latch check' })
})

test('open: without a reason nothing is asked; a jammed door ends with 1; an unknown one with 4', async () => {
  expect(await pawl(['open', 'B2'])).toMatchObject({ code: 2, err: expect.stringContaining('--reason TEXT') })
  expect(town.steel.door('B2').releases).toHaveLength(0)
  town.steel.door('B2').alter({ jammed: true })
  expect(await pawl(['open', 'B2', '--reason', 'test'])).toMatchObject({ code: 1 })
  town.steel.door('B2').alter({ jammed: false })
  expect(await pawl(['open', 'Q9', '--reason', 'test'])).toMatchObject({
    code: 4,
    out: 'Refused: there is no compartment Q9.\n',
  })
  const alarmed = await pawl(['status'])
  expect(alarmed).toMatchObject({ code: 1, out: expect.stringContaining('ALARM B2: will-not-open') })
})

test('hold and release', async () => {
  expect(await pawl(['hold', 'B3', '--reason', 'hinge bent'])).toMatchObject({ code: 0 })
  expect((await pawl(['doors', 'B3'])).out).toContain('hinge bent')
  expect(await pawl(['release', 'B3'])).toMatchObject({ code: 0 })
  expect(await pawl(['release', 'B3'])).toMatchObject({ code: 4, out: 'Refused: it is not held.\n' })
})

test('journal: from a row, from a time, the newest ones, and what comes next', async () => {
  const rows = (text: string) =>
    text
      .trim()
      .split('\n')
      .map(line => JSON.parse(line).seq as number)
  expect(rows((await pawl(['journal', '--since', '2', '--limit', '3', '--json'])).out)).toEqual([2, 3, 4])
  const all = rows((await pawl(['journal', '--since', '15m', '--json'])).out)
  expect(all[0]).toBe(1)
  expect(rows((await pawl(['journal', '--limit', '2', '--json'])).out)).toEqual(all.slice(-2))
  const follow = pawl(['journal', '--follow', '--limit', '1'], 'B4 opened')
  await pawl(['open', 'B4', '--reason', 'follow'])
  narrow((await follow).out)
  town.steel.door('B4').push()
  expect(await pawl(['journal', '--since', 'yesterday'])).toMatchObject({ code: 2 })
})

test('journal verify asks the agent; the file in use is not read behind its back', async () => {
  expect(await pawl(['journal', 'verify'])).toMatchObject({
    code: 0,
    out: expect.stringContaining('sealed by this unit'),
  })
  expect(await pawl(['journal', 'verify', join(town.data, 'journal.db')])).toMatchObject({
    code: 2,
    err: expect.stringContaining('ask it with "pawl journal verify"'),
  })
})

test('lines: what the agent sees on them; and nothing that is not there', async () => {
  const { code, out } = await pawl(['lines'])
  expect(code).toBe(0)
  narrow(out)
  expect(JSON.parse((await pawl(['lines', '--json'])).out)).toMatchObject({
    source: 'agent',
    lines: [
      { name: 'left', up: true },
      { name: 'right', up: true },
      { name: 'counter', up: true },
    ],
  })
})

test('mistakes get one sentence and exit code 2, never a stack', async () => {
  for (const args of [
    ['stauts'],
    ['status', '--jsn'],
    ['open'],
    ['check', '/nowhere.yaml'],
    ['faults', 'nope'],
  ]) {
    const { code, err } = await pawl(args)
    expect(code).toBe(2)
    expect(err.trim().split('\n')).toHaveLength(1)
    expect(err).not.toMatch(/\n\s+at /)
  }
})

test('the socket is its owner’s alone, and junk on it gets one sentence', async () => {
  expect(statSync(town.socket).mode & 0o777).toBe(0o600)
  expect(statSync(dirname(town.socket)).mode & 0o777).toBe(0o700)
  for (const junk of [
    'hello\n',
    '{"ask":"dance"}\n',
    '{"ask":"status","x":1}\n',
    `${'x'.repeat(70_000)}\n`,
  ]) {
    const said = await new Promise<string>(resolve => {
      let text = ''
      const socket = connect(town.socket, () => socket.write(junk))
      socket.on('data', chunk => {
        text += chunk.toString()
      })
      socket.on('error', () => socket.destroy())
      socket.on('close', () => resolve(text))
    })
    expect(JSON.parse(said)).toMatchObject({ done: true, refused: expect.any(String) })
  }
})

test('a second agent on the same folder is refused with a sentence, and the first lives on', async () => {
  const { code, err } = await pawl(['run', town.site])
  expect(code).toBe(2)
  expect(err).toMatch(/^another agent is running on .*: stop it first\n$/)
  expect(await pawl(['doors', 'A1'])).toMatchObject({ code: 0 })
})

test('told to end by several signals at once it ends once, in order', async () => {
  expect(await town.endAgent('SIGINT', 'SIGTERM', 'SIGINT')).toBe(0)
  const db = new Database(join(town.data, 'journal.db'), { readonly: true })
  const last = db.prepare('select entry from journal order by seq desc limit 2').pluck().all()
  db.close()
  expect(last.map(String).filter(entry => entry.includes('"stopped"'))).toHaveLength(1)
})

test('without an agent: exit 3 and what to do; lines asks the boards itself; a copied journal shows what was changed', async () => {
  const away = await pawl(['status'])
  expect(away).toMatchObject({ code: 3, err: expect.stringContaining('pawl run SITE') })
  const asked = JSON.parse((await pawl(['lines', '--site', town.site, '--json'])).out)
  expect(asked.source).toBe('asked')
  expect(asked.lines[0].devices['board-left'].answered).toBeGreaterThan(0)
  const copy = join(town.data, 'copy.db')
  copyFileSync(join(town.data, 'journal.db'), copy)
  expect(await pawl(['journal', 'verify', copy])).toMatchObject({ code: 0 })
  const db = new Database(copy)
  db.prepare("update journal set entry = replace(entry, 'B1', 'B7') where seq = 8").run()
  db.close()
  const found = await pawl(['journal', 'verify', copy, '--json'])
  expect(found.code).toBe(1)
  writeFileSync(join(town.data, 'no.db'), 'this is no journal')
  expect(await pawl(['journal', 'verify', join(town.data, 'no.db')])).toMatchObject({ code: 2 })
  town.startAgent()
})
