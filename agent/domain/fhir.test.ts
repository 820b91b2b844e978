import { expect, test } from 'vitest'
import { z } from 'zod'
import { toFhir } from './fhir.ts'
import { gatherRecords } from './gather-records.ts'
import type { Entry } from './journal.ts'
import { BEGAN, chained, of, ordered, received, rowsOf, ways, whole } from './record-stories.ts'

// What R4 (4.0.1) asks of MedicationDispense and of what is used within: element names, cardinalities, value sets bound as
// required, the regular expressions of the primitive types, and the invariants. Written from the specification by hand.

const YEAR = '([0-9]([0-9]([0-9][1-9]|[1-9]0)|[1-9]00)|[1-9]000)'
const DAY = '(0[1-9]|1[0-2])-(0[1-9]|[1-2][0-9]|3[0-1])'
const TIME =
  '([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\\.[0-9]+)?(Z|(\\+|-)((0[0-9]|1[0-3]):[0-5][0-9]|14:00))'
const id = z.string().regex(/^[A-Za-z0-9\-.]{1,64}$/)
const string = z
  .string()
  .regex(/^[ \r\n\t\S]+$/)
  .refine(text => [...text].every(each => each >= ' ' || '\r\n\t'.includes(each)), 'control character')
const markdown = z.string().regex(/\S/)
const uri = z.string().regex(/^\S+$/)
const code = z.string().regex(/^[^\s]+(\s[^\s]+)*$/)
const dateTime = z
  .string()
  .regex(new RegExp(`^${YEAR}(-(0[1-9]|1[0-2])(-(0[1-9]|[1-2][0-9]|3[0-1])(T${TIME})?)?)?$`))
const instant = z.string().regex(new RegExp(`^${YEAR}-${DAY}T${TIME}$`))

/** Zero or more, which in JSON is absent or an array that is not empty. */
const many = <Type extends z.ZodType>(type: Type) => z.array(type).min(1).optional()
const anything = z.looseObject({}).refine(value => Object.keys(value).length > 0, 'ele-1')
const element = { id: z.string().optional(), extension: many(anything) }
const backbone = { ...element, modifierExtension: many(anything) }
const meta = z.strictObject({
  ...element,
  versionId: id.optional(),
  lastUpdated: instant.optional(),
  source: uri.optional(),
  profile: many(uri),
  security: many(anything),
  tag: many(anything),
})
const resource = {
  id: id.optional(),
  meta: meta.optional(),
  implicitRules: uri.optional(),
  language: code.optional(),
}
const domain = {
  ...resource,
  text: anything.optional(),
  extension: many(anything),
  modifierExtension: many(anything),
}

const Coding = z.strictObject({
  ...element,
  system: uri.optional(),
  version: string.optional(),
  code: code.optional(),
  display: string.optional(),
  userSelected: z.boolean().optional(),
})
const Concept = z
  .strictObject({ ...element, coding: many(Coding), text: string.optional() })
  .refine(value => Object.keys(value).length > 0, 'ele-1')
const Period = z.strictObject({ ...element, start: dateTime.optional(), end: dateTime.optional() })
const BareReference = z.strictObject({
  ...element,
  reference: string.optional(),
  type: uri.optional(),
  display: string.optional(),
})
const Identifier = z.strictObject({
  ...element,
  use: z.enum(['usual', 'official', 'temp', 'secondary', 'old']).optional(),
  type: Concept.optional(),
  system: uri.optional(),
  value: string.optional(),
  period: Period.optional(),
  assigner: BareReference.optional(),
})
/** Of R4's text on Reference: one of reference, identifier and display is there. A local one is resolved below (ref-1). */
const referenceTo = (...targets: string[]) =>
  z
    .strictObject({ ...BareReference.shape, identifier: Identifier.optional() })
    .refine(
      ({ reference, identifier, display }) => (reference ?? identifier ?? display) !== undefined,
      'reference',
    )
    .describe(targets.join(' or '))
const Quantity = z.strictObject({
  ...element,
  value: z.number().optional(),
  unit: string.optional(),
  system: uri.optional(),
  code: code.optional(),
}) // SimpleQuantity (sqt-1): no comparator
const Annotation = z.strictObject({
  ...element,
  authorReference: referenceTo('Practitioner').optional(),
  authorString: string.optional(),
  time: dateTime.optional(),
  text: markdown,
})

const Medication = z.strictObject({
  ...domain,
  resourceType: z.literal('Medication'),
  contained: many(anything),
  identifier: many(Identifier),
  code: Concept.optional(),
  status: z.enum(['active', 'inactive', 'entered-in-error']).optional(),
  manufacturer: referenceTo('Organization').optional(),
  form: Concept.optional(),
  amount: anything.optional(),
  ingredient: many(anything),
  batch: z
    .strictObject({ ...backbone, lotNumber: string.optional(), expirationDate: dateTime.optional() })
    .optional(),
})
const Location = z.strictObject({
  ...domain,
  resourceType: z.literal('Location'),
  contained: many(anything),
  identifier: many(Identifier),
  status: z.enum(['active', 'suspended', 'inactive']).optional(),
  name: string.optional(),
  alias: many(string),
  description: string.optional(),
  mode: z.enum(['instance', 'kind']).optional(),
})
const Practitioner = z.strictObject({
  ...domain,
  resourceType: z.literal('Practitioner'),
  contained: many(anything),
  identifier: many(Identifier),
  active: z.boolean().optional(),
  name: many(anything),
  telecom: many(anything),
})
const Contained = z.discriminatedUnion('resourceType', [Medication, Location, Practitioner])

const MedicationDispense = z
  .strictObject({
    ...domain,
    resourceType: z.literal('MedicationDispense'),
    contained: many(Contained),
    identifier: many(Identifier),
    partOf: many(referenceTo('Procedure')),
    status: z.enum([
      'preparation',
      'in-progress',
      'cancelled',
      'on-hold',
      'completed',
      'entered-in-error',
      'stopped',
      'declined',
      'unknown',
    ]),
    statusReasonCodeableConcept: Concept.optional(),
    statusReasonReference: referenceTo('DetectedIssue').optional(),
    category: Concept.optional(),
    medicationCodeableConcept: Concept.optional(),
    medicationReference: referenceTo('Medication').optional(),
    subject: referenceTo('Patient', 'Group').optional(),
    context: referenceTo('Encounter', 'EpisodeOfCare').optional(),
    supportingInformation: many(referenceTo()),
    performer: many(
      z.strictObject({
        ...backbone,
        function: Concept.optional(),
        actor: referenceTo(
          'Practitioner',
          'PractitionerRole',
          'Organization',
          'Patient',
          'Device',
          'RelatedPerson',
        ),
      }),
    ),
    location: referenceTo('Location').optional(),
    authorizingPrescription: many(referenceTo('MedicationRequest')),
    type: Concept.optional(),
    quantity: Quantity.optional(),
    daysSupply: Quantity.optional(),
    whenPrepared: dateTime.optional(),
    whenHandedOver: dateTime.optional(),
    destination: referenceTo('Location').optional(),
    receiver: many(referenceTo('Patient', 'Practitioner')),
    note: many(Annotation),
    dosageInstruction: many(anything),
    substitution: anything.optional(),
    detectedIssue: many(referenceTo('DetectedIssue')),
    eventHistory: many(referenceTo('Provenance')),
  })
  .superRefine((value, found) => {
    const say = (message: string) => found.addIssue({ code: 'custom', message })
    const { contained = [], whenPrepared, whenHandedOver, performer = [], note = [] } = value
    const one = [value.medicationCodeableConcept, value.medicationReference].filter(
      each => each !== undefined,
    )
    if (one.length !== 1) say('medication[x] is 1..1')
    if (value.statusReasonCodeableConcept && value.statusReasonReference) say('statusReason[x] is 0..1')
    if (note.some(each => each.authorReference && each.authorString)) say('author[x] is 0..1')
    if (whenPrepared && whenHandedOver && Date.parse(whenHandedOver) < Date.parse(whenPrepared)) say('mdd-1')
    if (contained.some(each => each.contained)) say('dom-2')
    const references = [...JSON.stringify(value).matchAll(/"reference":"#([^"]*)"/g)].map(([, name]) => name)
    if (contained.some(each => !references.includes(each.id))) say('dom-3')
    if (contained.some(({ meta: own }) => own?.versionId ?? own?.lastUpdated)) say('dom-4')
    if (contained.some(({ meta: own }) => own?.security)) say('dom-5')
    if (references.some(name => contained.filter(each => each.id === name).length !== 1)) say('ref-1')
    const typeOf = (reference: string | undefined) =>
      contained.find(each => `#${each.id}` === reference)?.resourceType
    if (typeOf(value.medicationReference?.reference) !== 'Medication') say('medication[x] is a Medication')
    if (typeOf(value.location?.reference) !== 'Location') say('location is a Location')
    if (performer.some(({ actor }) => typeOf(actor.reference) !== 'Practitioner'))
      say('actor is a Practitioner')
  })

/** Bundle, of which a collection may have no total (bdl-1), search (bdl-2), request (bdl-3) or response (bdl-4). */
const Bundle = z
  .strictObject({
    ...resource,
    resourceType: z.literal('Bundle'),
    identifier: Identifier.optional(),
    type: z.literal('collection'),
    timestamp: instant.optional(),
    link: many(anything),
    entry: many(
      z.strictObject({
        ...backbone,
        link: many(anything),
        fullUrl: z
          .string()
          .regex(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
        resource: MedicationDispense,
      }),
    ),
  })
  .refine(({ entry = [] }) => new Set(entry.map(({ fullUrl }) => fullUrl)).size === entry.length, 'bdl-7')

const bundleOf = (entries: Entry[], about = of) => toFhir(gatherRecords(rowsOf(chained(entries)), about))

/** The only dispense of a short journal, after the whole bundle was held against R4. */
function only(entries: Entry[], about = of) {
  const bundle = bundleOf(entries, about)
  Bundle.parse(bundle)
  const [first, ...more] = bundle.entry ?? []
  if (!first || more.length > 0) throw new Error('not one dispense')
  return first.resource
}

test('every way a prescription goes is R4', () => {
  const all = Object.values(ways).flatMap((way, index) => way(`p${index}`))
  const bundle = bundleOf(all)
  Bundle.parse(bundle)
  expect(bundle.entry?.length).toBeGreaterThan(8)
  for (const way of Object.values(ways)) Bundle.parse(bundleOf(way('p1')))
})

test('every beginning of every way is R4, too: an export may come at any moment', () => {
  for (const way of Object.values(ways)) {
    const entries = way('p1')
    for (let length = 0; length <= entries.length; length++) Bundle.parse(bundleOf(entries.slice(0, length)))
  }
})

test('a pack that was handed over says product, batch, who, where and when, and of whom nothing', () => {
  const dispense = only(whole('p1'))
  expect(dispense).toMatchObject({
    status: 'completed',
    medicationReference: { reference: '#medication' },
    contained: [
      {
        resourceType: 'Medication',
        identifier: [{ value: 'p1-1' }],
        code: {
          coding: [
            { system: 'http://hl7.org/fhir/sid/ndc', code: '0002-7597-01' },
            { system: 'https://www.gs1.org/gtin', code: '00300027597010' },
          ],
          text: 'Olanzapine 5 mg',
        },
        batch: { lotNumber: 'LOT7', expirationDate: '2027-05-31' },
      },
      { resourceType: 'Location', identifier: [{ value: 'FL-2201' }], name: 'clinic-1' },
      { resourceType: 'Practitioner', identifier: [{ value: 'rph-7' }] },
      { resourceType: 'Practitioner', identifier: [{ value: 'rph-9' }] },
    ],
    performer: [
      { function: { text: 'released it for dispensing' }, actor: { reference: '#pharmacist-1' } },
      { function: { text: 'counselled the patient' }, actor: { reference: '#pharmacist-2' } },
    ],
    authorizingPrescription: [{ identifier: { value: 'p1', assigner: { display: 'clinic-1' } } }],
    quantity: { value: 1, unit: 'pack' },
    whenPrepared: new Date(BEGAN + 15_000).toISOString(),
    whenHandedOver: new Date(BEGAN + 19_000).toISOString(),
  })
  for (const absent of ['subject', 'note', 'statusReasonCodeableConcept', 'detectedIssue', 'receiver'])
    expect(dispense).not.toHaveProperty(absent)
})

test.each([
  ['half way', 'preparation'],
  ['in the tray', 'in-progress'],
  ['in doubt', 'on-hold'],
  ['found in its lane', 'cancelled'],
  ['taken out', 'cancelled'],
  ['found with the patient', 'completed'],
  ['another pack', 'unknown'],
  ['tried again', 'completed'],
])('%s: its dispense is %s', (way, status) => {
  expect(only(ways[way]?.('p1') ?? []).status).toBe(status)
})

test('where nothing fell, nothing was dispensed', () => {
  for (const way of ['rejected', 'withdrawn', 'expired', 'waiting']) {
    const bundle = bundleOf(ways[way]?.('p1') ?? [])
    expect(bundle).toEqual({ resourceType: 'Bundle', type: 'collection' })
    Bundle.parse(bundle)
  }
})

test('when a person finds it with the patient, no time of handing over is made up; who found it, and why, is a note', () => {
  const dispense = only(ways['found with the patient']?.('p1') ?? [])
  expect(dispense).not.toHaveProperty('whenHandedOver')
  expect(dispense).not.toHaveProperty('whenPrepared')
  expect(dispense.note?.at(-1)).toMatchObject({
    authorString: 'tech ann',
    text: 'Found handed-over: looked, "hung"',
  })
})

test('exported again, and further on, a turn of a lane keeps its id; another journal has others', () => {
  const way = ways['taken out']?.('p1') ?? []
  const before = only(way.slice(0, -3))
  expect(before.status).toBe('on-hold')
  expect(only(way)).toMatchObject({ id: before.id, status: 'cancelled' })
  expect(only([...received('p0'), ...way]).id).not.toBe(before.id)
})

test.each(['', ' ', '\u0000\u001b[31m \u0085\ud800"<x>'])(
  'a text such as %j cannot make it no R4',
  hostile => {
    const entries = (ways['taken out']?.('p1') ?? []).map(entry => ({
      ...entry,
      ...('lot' in entry ? { lot: hostile } : {}),
      ...('reason' in entry ? { reason: hostile, by: hostile } : {}),
      ...('says' in entry ? { says: hostile } : {}),
    }))
    const products = of.products.map(product => ({ ...product, name: hostile }))
    const dispense = only(entries as Entry[], { unit: hostile, permit: hostile, products })
    expect(JSON.stringify(dispense)).not.toMatch(/\\u00[01]|\\ud8/)
  },
)

test('who signed twice is there once, and where nobody signed there is nobody', () => {
  const same = JSON.parse(JSON.stringify(whole('p1')).replaceAll('rph-9', 'rph-7')) as Entry[]
  const dispense = only(same)
  expect(dispense.contained.filter(({ resourceType }) => resourceType === 'Practitioner')).toHaveLength(1)
  expect(dispense.performer?.map(({ actor }) => actor.reference)).toEqual(['#pharmacist-1', '#pharmacist-1'])
  const alone = only([
    ...received('p1'),
    { type: 'presented', prescription: 'p1', reader: 'r' },
    ...ordered('p1'),
  ])
  expect(alone).not.toHaveProperty('performer')
})

type Loose = { [name: string]: unknown }

/** Puts something else at a place in a bundle; `undefined` takes away what is there. */
function put(bundle: unknown, place: string, value: unknown): void {
  const path = place.split('.')
  const last = path.pop() ?? ''
  const parent = path.reduce<unknown>((at, name) => (at as Loose)[name], bundle) as Loose
  if (value === undefined) delete parent[last]
  else parent[last] = value
}

const AT = 'entry.0.resource'
const BATCH = `${AT}.contained.0.batch`

test.each<[name: string, place: string, value: unknown, found: string]>([
  ['a status of another resource', `${AT}.status`, 'active', '"status"'],
  ['no status', `${AT}.status`, undefined, '"status"'],
  ['an element that R5 brought', `${AT}.recorded`, '2026-01-01', 'unrecognized_keys'],
  ['no medication', `${AT}.medicationReference`, undefined, 'medication[x] is 1..1'],
  ['two medications', `${AT}.medicationCodeableConcept`, { text: 'x' }, 'medication[x] is 1..1'],
  ['two reasons', `${AT}.statusReasonReference`, { display: 'x' }, 'statusReason[x] is 0..1'],
  ['two authors', `${AT}.note.0.authorReference`, { display: 'x' }, 'author[x] is 0..1'],
  ['a medication that is not contained', `${AT}.medicationReference.reference`, '#x', 'ref-1'],
  ['a medication that is a place', `${AT}.medicationReference.reference`, '#kiosk', 'is a Medication'],
  ['a place that is a medication', `${AT}.location.reference`, '#medication', 'is a Location'],
  ['an actor that is a place', `${AT}.performer.0.actor.reference`, '#kiosk', 'is a Practitioner'],
  ['handed over before it was prepared', `${AT}.whenPrepared`, '2026-11-02T09:00:19.001Z', 'mdd-1'],
  ['contained in contained', `${AT}.contained.0.contained`, [{ resourceType: 'Location' }], 'dom-2'],
  ['contained and not referred to', `${AT}.location`, undefined, 'dom-3'],
  ['a contained version', `${AT}.contained.0.meta`, { versionId: '1' }, 'dom-4'],
  ['a contained label', `${AT}.contained.0.meta`, { security: [{ code: 'R' }] }, 'dom-5'],
  ['a reference to nobody', `${AT}.performer.0.actor.reference`, '#nobody', 'ref-1'],
  ['two contained of one id', `${AT}.contained.1.id`, 'medication', 'ref-1'],
  ['no actor', `${AT}.performer.0.actor`, undefined, '"actor"'],
  ['an empty array', `${AT}.partOf`, [], 'too_small'],
  ['an empty object', `${AT}.type`, {}, 'ele-1'],
  ['an empty string', `${AT}.contained.1.name`, '', '"name"'],
  ['a null', `${AT}.subject`, null, '"subject"'],
  ['a control character', `${AT}.contained.1.name`, 'a\u0000', 'control character'],
  ['a time without zone', `${AT}.whenPrepared`, '2026-11-02T09:00:00', '"whenPrepared"'],
  ['a day that is none', `${BATCH}.expirationDate`, '2027-05-00', '"expirationDate"'],
  ['a day as the label has it', `${BATCH}.expirationDate`, '270531', '"expirationDate"'],
  ['an id with an underscore', `${AT}.id`, 'p_1', '"id"'],
  ['an id too long', `${AT}.id`, 'a'.repeat(65), '"id"'],
  ['a system with a blank', `${AT}.contained.0.code.coding.0.system`, 'a b', '"system"'],
  ['a code with a blank in front', `${AT}.contained.0.code.coding.0.code`, ' 1', '"code"'],
  ['a comparator', `${AT}.quantity.comparator`, '<', 'unrecognized_keys'],
  ['a quantity as text', `${AT}.quantity.value`, '1', '"value"'],
  ['a reference to nothing', `${AT}.subject`, {}, 'reference'],
  ['a note that says nothing', `${AT}.note.0.text`, ' ', '"text"'],
  ['a total', 'total', 1, 'unrecognized_keys'],
  ['a search', 'entry.0.search', { mode: 'match' }, 'unrecognized_keys'],
  ['a bundle of another type', 'type', 'collections', '"type"'],
  ['a fullUrl that is no UUID', 'entry.0.fullUrl', 'urn:uuid:1', '"fullUrl"'],
])('the check can fail: %s', (_name, place, value, found) => {
  const bundle: unknown = structuredClone(bundleOf(whole('p1')))
  put(bundle, `${AT}.note`, [{ authorString: 'x', text: 'x' }])
  put(bundle, `${AT}.statusReasonCodeableConcept`, { text: 'x' })
  expect(Bundle.safeParse(bundle).error).toBeUndefined()
  put(bundle, place, value)
  expect(JSON.stringify(Bundle.safeParse(bundle).error?.issues)).toContain(found)
})

test('the check can fail: the same entry twice (bdl-7)', () => {
  const bundle = bundleOf(whole('p1'))
  const twice = { ...bundle, entry: [...(bundle.entry ?? []), ...(bundle.entry ?? [])] }
  expect(JSON.stringify(Bundle.safeParse(twice).error?.issues)).toContain('bdl-7')
})
