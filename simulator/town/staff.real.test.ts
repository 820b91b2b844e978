import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sealPin } from '../../agent/domain/pin.ts'
import { responseTo } from '../../agent/domain/technician-code.ts'
import { is } from './people.ts'
import { openTown, type Town } from './town.ts'

// Commands have rules here: staff say who they are and give a PIN; a technician proves who sent them.

const SECRET = 'ab'.repeat(32)
const PINS = { ann: '48291573', ben: '90317264' }
const folder = mkdtempSync(join(tmpdir(), 'pawl-secret-'))
let town: Town

beforeAll(async () => {
  const secret = join(folder, 'technician.secret')
  writeFileSync(secret, `${SECRET}\n`, { mode: 0o600 })
  const pin = (digits: string) => sealPin(digits, new Uint8Array(16))
  town = await openTown({
    access: { technician_secret_file: secret },
    policy: { left_open_seconds: 120 },
    site: {
      staff: [
        { name: 'ann', badge: '0C00A1B2C3', pin: pin(PINS.ann), roles: ['desk'] },
        { name: 'ben', badge: '0C00A1B2C4', pin: pin(PINS.ben), roles: ['desk'] },
      ],
      commands: {
        roles: [{ name: 'desk', may: ['open', 'return', 'hold', 'challenge', 'respond', 'open-all'] }],
        two_person: ['hold'],
      },
    },
  })
  town.startAgent()
  await town.operator.until('both boards', () =>
    ['board-left', 'board-right'].every(device =>
      town.operator.book.rows.some(({ entry }) => entry.type === 'device-online' && entry.device === device),
    ),
  )
})

afterAll(async () => {
  await town.close()
  rmSync(folder, { recursive: true })
})

/** The command line as a process, with these lines on its standard input. */
function pawl(args: string[], ...typed: string[]): Promise<{ code: number | null; out: string }> {
  const child = spawn(process.execPath, ['agent/cli/main.ts', ...args], {
    env: { ...process.env, PAWL_SOCKET: town.socket },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let out = ''
  for (const from of [child.stdout, child.stderr]) from.on('data', (text: Buffer) => (out += text.toString()))
  child.stdin.end(typed.map(line => `${line}\n`).join(''))
  return new Promise(resolve => child.on('close', code => resolve({ code, out })))
}

test('looking is free; doing needs a name and its PIN, and says so', async () => {
  expect(await pawl(['status'])).toMatchObject({ code: 0 })
  const nobody = await pawl(['open', 'A1', '--reason', 'look'])
  expect(nobody).toMatchObject({ code: 4, out: expect.stringContaining('say who you are with --as NAME') })
  const wrong = await pawl(['open', 'A1', '--reason', 'look', '--as', 'ann'], '00000000')
  expect(wrong).toMatchObject({ code: 4, out: expect.stringContaining('the name or the PIN is not right') })
  expect(town.steel.door('A1').releases).toHaveLength(0)
})

test('whoever proves it opens the door in their own name', async () => {
  expect(await pawl(['open', 'A1', '--reason', 'look', '--as', 'ann'], PINS.ann)).toMatchObject({ code: 0 })
  town.steel.door('A1').push()
  const { entry } = await town.operator.until('the reason', is('open-asked'))
  expect(entry).toMatchObject({ compartment: 'A1', by: 'ann' })
})

test('what needs two is done by two', async () => {
  const hold = ['hold', 'A2', '--reason', 'oil', '--as', 'ann']
  expect(await pawl(hold, PINS.ann)).toMatchObject({
    code: 4,
    out: expect.stringContaining('give --as twice'),
  })
  expect(await pawl([...hold, '--as', 'ben'], PINS.ann, PINS.ben)).toMatchObject({ code: 0 })
  const { entry } = await town.operator.until('the hold', is('held'))
  expect(entry).toMatchObject({ compartment: 'A2', by: 'ann and ben' })
})

test('a technician answers a challenge, and then every door opens, one after the other', async () => {
  const ann = ['--as', 'ann']
  expect(await pawl(['open-all', '--reason', 'moving', ...ann], PINS.ann)).toMatchObject({ code: 4 })
  const { out } = await pawl(['technician', ...ann], PINS.ann)
  const [, challenge = ''] = /Challenge for a technician: (\w{8})/.exec(out) ?? []
  const response = responseTo(Buffer.from(SECRET, 'hex'), challenge) ?? ''
  expect(await pawl(['technician', response, ...ann], PINS.ann)).toMatchObject({ code: 0 })
  expect(await pawl(['open-all', '--reason', 'moving', ...ann], PINS.ann)).toMatchObject({ code: 0 })
  for (const door of town.steel.doors)
    await town.operator.until(
      `${door.name} to open`,
      is('door-opened', entry => entry.compartment === door.name),
    )
  expect(town.operator.book.rows.filter(({ entry }) => entry.type === 'alarm-raised')).toEqual([])
  for (const door of town.steel.doors) door.push()
})

test('no PIN and no secret is in anything that the unit keeps', () => {
  const kept = readdirSync(town.data, { recursive: true, withFileTypes: true })
    .filter(file => file.isFile())
    .map(file => readFileSync(join(file.parentPath, file.name)).toString('latin1'))
  expect(kept.join('')).toContain('ann and ben')
  for (const secret of [...Object.values(PINS), SECRET]) expect(kept.join('')).not.toContain(secret)
})
