import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Call } from './command.ts'
import { Stop } from './exit.ts'
import { policy } from './policy.ts'

const BY = { by: 'dr-roe', licence: 'PS 1', on: '2026-12-01' }
let folder: string
let pack: string
let key: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pawl-policy-'))
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  key = join(folder, 'roe.pem')
  writeFileSync(key, privateKey.export({ format: 'pem', type: 'pkcs8' }))
  pack = join(folder, 'policy.yaml')
  writeFileSync(pack, readFileSync('config/policies/texas.yaml'))
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64')
  const site = readFileSync('config/sites/kiosk.yaml', 'utf8')
  writeFileSync(join(folder, 'site.yaml'), site.replace(/(dr-roe, key: )'.*'/, `$1'${raw}'`))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs the command; what it says on the terminal and to a program, and how it ends. */
async function pawl(file: string, options: Record<string, string> = {}, site?: string) {
  const said: string[] = []
  const told: unknown[] = []
  const call: Call = {
    words: [file],
    text: option => options[option],
    flag: () => false,
    json: false,
    say: line => void said.push(line),
    tell: what => void told.push(what),
    agent: () => {
      throw new Stop('away', 'No agent is running.')
    },
    site,
    user: 'tech',
  }
  try {
    return { exit: await policy.run(call), said: said.join('\n'), told: told[0] }
  } catch (stop) {
    if (!(stop instanceof Stop)) throw stop
    return { exit: stop.exit, said: stop.message, told: told[0] }
  }
}

test('an example is sound, and nobody signed it off: at a site it does not count', async () => {
  expect(await pawl(pack)).toMatchObject({
    exit: 'ok',
    said: expect.stringContaining('signed off by nobody'),
  })
  expect(await pawl(pack, {}, join(folder, 'site.yaml'))).toMatchObject({
    exit: 'no',
    told: { ok: false, signed_off: 'no pharmacist has signed it off' },
  })
})

test('signed, its line pasted into the file, it counts at the site; one change more and it does not', async () => {
  const signed = await pawl(pack, { sign: key, ...BY })
  expect(signed.exit).toBe('ok')
  const whole = join(folder, 'signed.yaml')
  writeFileSync(whole, `${readFileSync(pack, 'utf8')}\n${signed.said}\n`)
  const site = join(folder, 'site.yaml')
  expect(await pawl(whole, {}, site)).toMatchObject({
    exit: 'ok',
    told: { ok: true, signed_off: 'signed off by dr-roe' },
  })
  writeFileSync(whole, readFileSync(whole, 'utf8').replace(/lease_hours: \d+/, 'lease_hours: 71'))
  expect(await pawl(whole, {}, site)).toMatchObject({
    exit: 'no',
    said: expect.stringContaining('does not fit'),
  })
})

test.each<[what: string, options: Record<string, string>, says: string]>([
  ['without who', { licence: 'PS 1', on: '2026-12-01' }, 'Say --by'],
  ['with a day that is none', { ...BY, on: '2026-02-30' }, 'signed_off.on'],
])('a signature %s is refused in one sentence, and nothing is printed', async (_what, options, says) => {
  const refused = await pawl(pack, { sign: key, ...options })
  expect(refused).toMatchObject({ exit: 'usage', told: undefined })
  expect(refused.said).toContain(says)
})

test('what is no key, no file or no pack is said with what to do', async () => {
  expect(await pawl(pack, { sign: pack, ...BY })).toMatchObject({
    exit: 'usage',
    said: expect.stringContaining('openssl genpkey'),
  })
  expect(await pawl(join(folder, 'none.yaml'))).toMatchObject({ exit: 'usage' })
  const bad = join(folder, 'bad.yaml')
  writeFileSync(bad, readFileSync(pack, 'utf8').replace('lease_hours', 'leese_hours'))
  expect(await pawl(bad)).toMatchObject({ exit: 'no', said: expect.stringContaining('leese_hours') })
})
