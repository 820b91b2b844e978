import type { Millis } from '../../drivers/host/clock.ts'
import type { DispenseRecord, PackEvidence, PackOutcome, PackRecord } from './dispense-record.ts'
import { counsellingOf, sessionOf } from './record-formats.ts'

// Records as HL7 FHIR R4 (4.0.1) says them.
//
//   Bundle collection ── MedicationDispense, one a turn of a lane
//                          ├ contained Medication: product, serial, batch      (a lot number asks for the resource, not a code)
//                          ├ contained Location: the unit and its permit
//                          └ contained Practitioner: nothing but the id of a key
//
// There is no subject, for none is known. A pack is no device, so its serial is an identifier of the Medication, not a UDI.

interface Concept {
  coding?: { system: string; code: string }[]
  text?: string
}
interface Identifier {
  type: Concept
  value: string
  assigner?: { display: string }
}

type Contained =
  | {
      resourceType: 'Medication'
      id: string
      identifier: Identifier[]
      code: Concept
      batch: { lotNumber: string; expirationDate: string }
    }
  | { resourceType: 'Location'; id: string; identifier?: Identifier[]; name: string }
  | { resourceType: 'Practitioner'; id: string; identifier: Identifier[] }

export interface MedicationDispense {
  resourceType: 'MedicationDispense'
  id: string
  contained: Contained[]
  identifier: Identifier[]
  status: 'preparation' | 'in-progress' | 'cancelled' | 'on-hold' | 'completed' | 'unknown'
  statusReasonCodeableConcept?: Concept
  medicationReference: { reference: string }
  performer?: { function: Concept; actor: { reference: string } }[]
  location: { reference: string }
  authorizingPrescription: { type: 'MedicationRequest'; identifier: Identifier }[]
  quantity: { value: 1; unit: string }
  whenPrepared?: string
  whenHandedOver?: string
  note?: { authorString?: string; time: string; text: string }[]
}

export interface Bundle {
  resourceType: 'Bundle'
  type: 'collection'
  entry?: { fullUrl: string; resource: MedicationDispense }[]
}

/** As the NDC page of FHIR has it: with the hyphens of the directory, never the eleven digits of billing. */
const NDC = 'http://hl7.org/fhir/sid/ndc'
const GTIN = 'https://www.gs1.org/gtin'

/**
 * One MedicationDispense for each turn of a lane, but none where there is evidence that nothing moved. Exported again, a turn
 * has the same id. FHIR leaves no array empty: without a turn there is no `entry`.
 */
export function toFhir(records: readonly DispenseRecord[]): Bundle {
  const entry = records.flatMap(record =>
    record.packs
      .filter(({ outcome }) => outcome !== 'not-moved')
      .map(pack => {
        const resource = dispenseOf(record, pack)
        return { fullUrl: `urn:uuid:${resource.id}`, resource }
      }),
  )
  return { resourceType: 'Bundle', type: 'collection', ...(entry.length > 0 ? { entry } : {}) }
}

function dispenseOf(record: DispenseRecord, pack: PackRecord): MedicationDispense {
  const { unit, prescription } = record
  const people = performersOf(record, pack)
  const ids = [...new Set(people.map(({ by }) => by))]
  const key = (by: string): string => `pharmacist-${ids.indexOf(by) + 1}`
  const notes = pack.evidence.flatMap(noteOf)
  const reason = pack.outcome === 'handed-over' ? undefined : notes.at(-1)?.text
  const local = (type: string, value: string): Identifier => ({
    ...identifier(type, value),
    assigner: { display: clean(unit) },
  })
  return {
    resourceType: 'MedicationDispense',
    id: uuidOf(pack.hash),
    contained: [
      medicationOf(pack),
      locationOf(record),
      ...ids.map(by => ({
        resourceType: 'Practitioner' as const,
        id: key(by),
        identifier: [identifier('key of the pharmacist', by)],
      })),
    ],
    identifier: [local('turn of a lane', pack.order), identifier('row of the journal (SHA-256)', pack.hash)],
    status: statusOf(pack),
    ...(reason === undefined ? {} : { statusReasonCodeableConcept: { text: reason } }),
    medicationReference: { reference: '#medication' },
    ...(people.length > 0
      ? {
          performer: people.map(({ what, by }) => ({
            function: { text: what },
            actor: { reference: `#${key(by)}` },
          })),
        }
      : {}),
    location: { reference: '#kiosk' },
    authorizingPrescription: [{ type: 'MedicationRequest', identifier: local('prescription', prescription) }],
    quantity: { value: 1, unit: 'pack' },
    ...(pack.checked === undefined ? {} : { whenPrepared: instant(pack.checked) }),
    ...whenHandedOver(pack),
    ...(notes.length > 0 ? { note: notes } : {}),
  }
}

/** When somebody says later that the patient has it, that is not when it was taken: nobody knows, and FHIR leaves it out. */
const whenHandedOver = ({ handed_over }: PackRecord): { whenHandedOver?: string } =>
  handed_over && handed_over.evidence !== 'person' ? { whenHandedOver: instant(handed_over.at) } : {}

function statusOf({ outcome, evidence }: PackRecord): MedicationDispense['status'] {
  // The patient has something, and it is not known to be this pack.
  const other = evidence.some(said => said.type === 'dispense-held' && said.why === 'wrong-pack')
  return outcome === 'handed-over' && other ? 'unknown' : STATUS[outcome]
}

const STATUS: Record<PackOutcome, MedicationDispense['status']> = {
  ordered: 'preparation',
  fallen: 'in-progress',
  held: 'on-hold',
  'handed-over': 'completed',
  // Never with the patient: turned again, that is another dispense.
  'not-moved': 'cancelled',
  'in-lane': 'cancelled',
  removed: 'cancelled',
}

function medicationOf({ gtin, product, ndc, serial, lot, expiry }: PackRecord): Contained {
  return {
    resourceType: 'Medication',
    id: 'medication',
    identifier: [identifier('serial number of the pack (GS1 AI 21)', serial)],
    code: {
      coding: [...(ndc ? [{ system: NDC, code: ndc.text }] : []), { system: GTIN, code: gtin }],
      ...(product === undefined ? {} : { text: clean(product) }),
    },
    batch: { lotNumber: clean(lot), expirationDate: expiry },
  }
}

const locationOf = ({ unit, permit }: DispenseRecord): Contained => ({
  resourceType: 'Location',
  id: 'kiosk',
  ...(permit === undefined ? {} : { identifier: [identifier('permit of the kiosk', permit)] }),
  name: clean(unit),
})

/** Pharmacists, by the keys that signed. */
function performersOf(record: DispenseRecord, pack: PackRecord): { what: string; by: string }[] {
  const { verified } = sessionOf(record, pack) ?? {}
  const { ended } = counsellingOf(record, pack) ?? {}
  const { released } = record
  return [
    ...(released ? [{ what: 'released it for dispensing', by: released.by }] : []),
    ...(verified?.by === undefined ? [] : [{ what: 'identified the patient', by: verified.by }]),
    ...(ended
      ? [{ what: ended.declined ? 'offered counselling' : 'counselled the patient', by: ended.by }]
      : []),
  ]
}

function noteOf(said: PackEvidence): NonNullable<MedicationDispense['note']> {
  const time = instant(said.at)
  if (said.type === 'dispense-held') return [{ time, text: clean(`Held (${said.why}): ${said.says}`) }]
  if (said.type === 'dispense-resolved')
    return [{ authorString: clean(said.by), time, text: clean(`Found ${said.found}: ${said.reason}`) }]
  return []
}

const identifier = (type: string, value: string): Identifier => ({
  type: { text: type },
  value: clean(value),
})

const instant = (at: Millis): string => new Date(at).toISOString()

/** A FHIR string has no control characters, is never empty and not all blank. */
const clean = (text: string): string => text.replace(/[\p{Cc}\p{Cs}]/gu, '·').trim() || '·'

/** A UUID of one's own making (RFC 9562, version 8) from the hash of a row. */
const uuidOf = (hash: string): string => {
  const variant = ((Number.parseInt(hash.charAt(16), 16) & 3) | 8).toString(16)
  const digits = `${hash.slice(0, 12)}8${hash.slice(13, 16)}${variant}${hash.slice(17, 32)}`
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
