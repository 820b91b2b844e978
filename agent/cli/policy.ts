import { readFileSync } from 'node:fs'
import { type PolicyPack, packDigest, readPolicyPack, signedOff, signPack } from '../../config/policy-pack.ts'
import { explain } from '../../config/problem.ts'
import { loadSite } from '../run.ts'
import type { Call, Command } from './command.ts'
import { type Exit, Stop } from './exit.ts'

export const policy: Command = {
  name: 'policy',
  usage: 'FILE [--sign KEY --by ID --licence TEXT --on DATE]',
  about: 'reads a policy pack; with --sign, signs it off for a pharmacist',
  details: [
    'Needs no agent. With --site it says whether the sign-off counts there. --sign prints the line that belongs into the file, and changes nothing. Exit code 1 when there is a problem, or when the sign-off does not count.',
  ],
  options: {
    sign: { type: 'string' },
    by: { type: 'string' },
    licence: { type: 'string' },
    on: { type: 'string' },
  },
  optionHelp: {
    sign: "the pharmacist's private key, Ed25519 in PEM",
    by: 'the id of the pharmacist, as in the site file',
    licence: 'the licence of the pharmacist',
    on: 'the day of the sign-off, such as 2026-12-01',
  },
  words: [1, 1],
  examples: [
    'pawl policy policy.yaml --site site.yaml',
    'pawl policy p.yaml --sign roe.pem --by dr-roe --licence "PS 1" --on 2026-12-01',
  ],
  async run(call) {
    const [file = ''] = call.words
    const read = readPolicyPack(textOf(file, 'policy pack'))
    if (!read.ok) {
      call.tell({ ok: false, problems: read.problems })
      for (const problem of read.problems) call.say(explain(file, problem))
      return 'no'
    }
    const key = call.text('sign')
    return key === undefined ? verdict(call, file, read.pack) : sign(call, key, read.pack)
  },
}

function textOf(file: string, what: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new Stop('usage', `${file} cannot be read: name a ${what}.`)
  }
}

function verdict(call: Call, file: string, pack: PolicyPack): Exit {
  const { name, jurisdiction, title } = pack
  const keys = call.site === undefined ? undefined : loadSite(call.site).kiosk?.dispense?.pharmacists
  const off = keys && signedOff(pack, keys)
  const by = pack.signed_off?.by
  const said = off
    ? off.ok
      ? `signed off by ${off.by}`
      : off.why
    : by === undefined
      ? 'signed off by nobody'
      : `says that ${by} signed it off: name the --site to check that`
  call.tell({ ok: off?.ok ?? true, name, jurisdiction, title, digest: packDigest(pack), signed_off: said })
  call.say(`${file} is sound: ${name} (${jurisdiction}), ${title}; ${said}.`)
  return off?.ok === false ? 'no' : 'ok'
}

function sign(call: Call, keyFile: string, pack: PolicyPack): Exit {
  const [id, licence, on] = ['by', 'licence', 'on'].map(option => {
    const text = call.text(option)?.trim() ?? ''
    if (text === '') throw new Stop('usage', `Say --${option}, too: see pawl help policy.`)
    return text
  })
  const signed = signedBy(pack, { id: id ?? '', licence: licence ?? '', on: on ?? '' }, keyFile)
  // What was typed may not be what a pack may say: then nothing is printed.
  const { signed_off } = signed
  const read = readPolicyPack(JSON.stringify(signed))
  if (!read.ok) throw new Stop('usage', read.problems.map(({ path, says }) => `${path} ${says}`).join('; '))
  call.tell({ signed_off })
  call.say(`signed_off: ${JSON.stringify(signed_off)}`)
  return 'ok'
}

function signedBy(pack: PolicyPack, by: Parameters<typeof signPack>[1], keyFile: string): PolicyPack {
  const pem = textOf(keyFile, 'private key')
  try {
    return signPack(pack, by, pem)
  } catch {
    throw new Stop(
      'usage',
      `${keyFile} is no Ed25519 private key in PEM: openssl genpkey -algorithm ed25519.`,
    )
  }
}
