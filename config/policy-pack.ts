import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { z } from 'zod'
import { complainOf } from './complaint.ts'
import { day as date, Week } from './hours.ts'
import { type Kind, readYaml } from './load.ts'
import type { Complain, Problem } from './problem.ts'
import { Name } from './words.ts'

// As in site.ts, messages go after "Give it".

const Counselling = z
  .strictObject({
    when: z
      .enum(['never', 'first-time', 'each'])
      .describe(
        'Before which dispensing a pharmacist speaks with the patient: none, that of a medicine which is new to them, or each.',
      ),
    before_loading: z
      .boolean()
      .describe('A pharmacist must have spoken with the patient before the packs came into the kiosk.'),
    may_decline: z.boolean().describe('The patient may decline, which the pharmacist then records.'),
    wait_seconds: z
      .int()
      .min(30)
      .max(3_600)
      .describe('How long the kiosk waits for the pharmacist, in seconds. Then nothing is given out.'),
  })
  .describe('When a pharmacist speaks with the patient.')

const SignedOff = z
  .strictObject({
    by: Name.describe('The id of the pharmacist, as under kiosk.dispense.pharmacists of the site.'),
    licence: z.string().min(1).max(64).describe('The licence of the pharmacist, as its board writes it.'),
    on: date.describe('The day of the sign-off.'),
    signature: z
      .string()
      .regex(/^[A-Za-z0-9+/]{86}==$/, 'the 64 bytes of an Ed25519 signature in base64')
      .describe('Ed25519 signature over everything else in this file: see README.md beside the examples.'),
  })
  .describe('The sign-off of a pharmacist. Without it nothing is given out.')

/** What the law asks of a kiosk and what its pharmacist decided: data, signed off as a whole. */
export const PolicyPack = z
  .strictObject({
    name: Name.describe('What the operator calls this pack.'),
    jurisdiction: z
      .string()
      .regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/, 'a code of ISO 3166 such as US-FL')
      .describe('Where it goes for: the ISO 3166 code of the country or state.'),
    title: z.string().min(1).max(120).describe('What it is, for whoever reads it.'),
    sources: z
      .array(z.string().min(1).max(300))
      .min(1)
      .describe('The rules it follows, each as it is cited, with what it asks for.'),
    counselling: Counselling,
    refills_only: z.boolean().describe('Only later fillings of a prescription that was filled before.'),
    opening_hours: z
      .union([z.literal('always'), Week], 'the word always, or a list of days, each with from and to')
      .describe('When packs may be given out: always, or the hours of each day.'),
    closed_on: z
      .array(date)
      .max(400)
      .default([])
      .describe('Days on which nothing is given out, such as holidays.'),
    pharmacist_lease_seconds: z
      .int()
      .min(10)
      .max(3_600)
      .optional()
      .describe(
        'A live pharmacist must have been heard of within so many seconds. Absent: none need be there.',
      ),
    lease_hours: z
      .int()
      .min(1)
      .max(720)
      .describe('How long a pack is held for a prescription, in hours, before it goes back to stock.'),
    permit_in_records: z.boolean().describe('Each record carries the number of the permit of the kiosk.'),
    records_years: z.int().min(1).max(30).default(6).describe('How long records are kept, in years.'),
    personal_data_days: z
      .int()
      .min(0)
      .max(3_650)
      .describe('How long what is known of a person is kept after the end of their prescription, in days.'),
    max_offline_hours: z
      .number()
      .min(0.25)
      .max(720)
      .describe('Nothing is given out once the cloud was not heard for so many hours.'),
    second_factor: z
      .boolean()
      .default(true)
      .describe('The patient proves with something they know that the code they show is theirs.'),
    signed_off: SignedOff.optional(),
  })
  .describe('What the law asks of a prescription kiosk, as data. It counts once a pharmacist signed it off.')

export type PolicyPack = z.output<typeof PolicyPack>
export type PolicyPackRead = { ok: true; pack: PolicyPack } | { ok: false; problems: Problem[] }

const packFile: Kind<PolicyPack> = {
  schema: PolicyPack,
  checks: [],
  complainOf: complainOfPack,
  name: 'A policy pack',
  usually: { long: 'some dozen lines', deep: 'four levels deep' },
  // Several times what a pack with every holiday of twenty years takes.
  largest: 32 * 1024,
  examples: 'config/policies',
}

/** Reads a policy pack in YAML. Names every problem at once, line by line, each with what to do. Never throws. */
export function readPolicyPack(text: string): PolicyPackRead {
  const read = readYaml(text, packFile)
  return read.ok ? { ok: true, pack: read.value } : read
}

/** Whoever wrote a list of hours is told what is wrong in it, not that it is not the word always. */
function complainOfPack(issue: z.core.$ZodIssue, complain: Complain): void {
  if (issue.code !== 'invalid_union' || !Array.isArray(issue.input))
    return complainOf(issue, PolicyPack, complain)
  for (const inner of issue.errors.at(-1) ?? []) complainOf(inner, Week, complain, ['opening_hours'])
}

/** SHA-256 in hexadecimal of the pack without its signature: JSON with sorted keys and no spaces (as RFC 8785), in UTF-8. */
export function packDigest({ signed_off, ...rest }: PolicyPack): string {
  const { signature: _, ...signer } = signed_off ?? {}
  const said = signed_off === undefined ? rest : { ...rest, signed_off: signer }
  return createHash('sha256').update(JSON.stringify(said, sorted)).digest('hex')
}

const sorted = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
    : value

/** What a signature of a pack is over. */
const signable = (pack: PolicyPack): Uint8Array => Buffer.from(`pawl policy 1\n${packDigest(pack)}`)

/** Whether one of these pharmacists (`key`: 32 bytes of Ed25519 in base64) signed the pack as it stands. Never throws. */
export function signedOff(
  pack: PolicyPack,
  keys: { id: string; key: string }[],
): { ok: true; by: string } | { ok: false; why: string } {
  const { signed_off } = pack
  if (!signed_off) return { ok: false, why: 'no pharmacist has signed it off' }
  const { by, signature } = signed_off
  const known = keys.find(({ id }) => id === by)
  if (!known) return { ok: false, why: `${by}, who signed it off, is no pharmacist of this site` }
  const key = publicKey(known.key)
  if (!key) return { ok: false, why: `the key of ${by} is not the 32 bytes of an Ed25519 key in base64` }
  return verify(null, signable(pack), key, Buffer.from(signature, 'base64'))
    ? { ok: true, by }
    : {
        ok: false,
        why: `the signature of ${by} does not fit: it was changed since, or signed with another key`,
      }
}

/** What stands before the 32 bytes of an Ed25519 key in its SubjectPublicKeyInfo (RFC 8410, section 4). */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex')

function publicKey(base64: string): KeyObject | undefined {
  if (!/^[A-Za-z0-9+/]{43}=$/.test(base64)) return undefined
  return createPublicKey({
    key: Buffer.concat([SPKI, Buffer.from(base64, 'base64')]),
    format: 'der',
    type: 'spki',
  })
}

/** Signs a pack off, over an earlier sign-off if there is one. Throws where the key is no Ed25519 private key in PEM. */
export function signPack(
  pack: PolicyPack,
  { id, licence, on }: { id: string; licence: string; on: string },
  privateKeyPem: string,
): PolicyPack {
  const key = createPrivateKey(privateKeyPem)
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('the private key is not an Ed25519 key')
  const said = { ...pack, signed_off: { by: id, licence, on, signature: '' } }
  const signature = sign(null, signable(said), key).toString('base64')
  return { ...said, signed_off: { ...said.signed_off, signature } }
}
