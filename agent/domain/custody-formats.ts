import { z } from 'zod'
import type { CustodyExport } from './custody-proof.ts'
import { tellCustody, tellLink } from './custody-says.ts'
import type { Custody, CustodyLink } from './custody-words.ts'
import { quoted } from './record-formats.ts'
import { Proof } from './record-proof.ts'

type Cell = string | number | boolean | undefined

const utc = (at: number | undefined): string | undefined =>
  at === undefined ? undefined : new Date(at).toISOString()

/** The columns of a table of links, in their order, each with what stands in it. */
const COLUMNS: [name: string, cell: (chain: Custody, link: CustodyLink) => Cell][] = [
  ['chain', ({ hash }) => hash],
  ['unit', ({ unit }) => unit],
  ['booking', ({ booking }) => booking],
  ['size', ({ size }) => size],
  ['status', ({ status }) => status],
  ['at', (_chain, { at }) => utc(at)],
  ['what', (_chain, { what }) => what],
  ['leg', (_chain, { leg }) => leg],
  ['compartment', (_chain, { compartment }) => compartment],
  ['who', (_chain, { who }) => who],
  ['proof', (_chain, { proof }) => proof?.how],
  ['reader', (_chain, { proof }) => (proof && 'reader' in proof ? proof.reader : undefined)],
  ['token', (_chain, { proof }) => (proof && 'reader' in proof ? proof.token : undefined)],
  ['key', (_chain, { proof }) => (proof && 'reader' in proof ? proof.key : undefined)],
  ['reason', (_chain, { proof }) => (proof && 'reason' in proof ? proof.reason : undefined)],
  ['why', (_chain, { why }) => why],
  ['order', (_chain, { order }) => order],
  ['evidence', (_chain, { evidence }) => evidence.map(({ saw, at }) => `${saw} ${utc(at)}`).join('; ')],
  ['from', (_chain, { from }) => utc(from)],
  ['until', (_chain, { until }) => utc(until)],
  ['settled', (_chain, { settled }) => settled?.how],
  ['settled_at', (_chain, { settled }) => utc(settled?.at)],
  ['settled_by', (_chain, { settled }) => settled?.by],
  ['lying', (_chain, { lying }) => lying],
  ['doubt', (_chain, { doubt }) => doubt],
  ['broken', ({ broken }, { seq }) => broken.flatMap(gap => (gap.seq === seq ? [gap.says] : [])).join(' ')],
  ['says', (_chain, link) => tellLink(link)],
  ['rows', (_chain, { rows }) => rows.join(' ')],
]

/** A table of links, one a line, under the rules of `toCsv` in record-formats.ts. */
export const custodyToCsv = (chains: readonly Custody[]): string =>
  [
    COLUMNS.map(([name]) => name),
    ...chains.flatMap(chain => chain.links.map(link => COLUMNS.map(([_name, cell]) => cell(chain, link)))),
  ]
    .map(cells => `${cells.map(quoted).join(',')}\r\n`)
    .join('')

/** For people: each chain as sentences, an empty line between two. */
export const custodyToText = (chains: readonly Custody[]): string =>
  chains.map(chain => `${tellCustody(chain).join('\n')}\n`).join('\n')

/** Chains with what proves them, a chain and a row a line. The same export is always the same text. */
export const custodyToJson = ({ v, of, from, to, booking, custody, proof }: CustodyExport): string =>
  `{"v":${v},"of":${JSON.stringify(of)},"from":${from},"to":${to},${booking === undefined ? '' : `"booking":${JSON.stringify(booking)},`}
"custody":${lines(custody)},
"proof":{"before":${JSON.stringify(proof.before)},"rows":${lines(proof.rows)}}}
`

const lines = (all: readonly unknown[]): string =>
  `[${all.map(each => `\n${JSON.stringify(each)}`).join(',')}]`

const Export = z.strictObject({
  v: z.literal(1),
  of: z.strictObject({ unit: z.string(), boards: z.record(z.string(), z.string()) }),
  from: z.int(),
  to: z.int(),
  booking: z.string().optional(),
  custody: z.array(z.unknown()),
  proof: Proof,
})

/** Reads what `custodyToJson` wrote, and nothing else. What its chains say is for `custodyMatch`. */
export function readCustody(
  text: string,
): { ok: true; exported: CustodyExport } | { ok: false; says: string } {
  const refuse = (says: string) => ({ ok: false, says }) as const
  try {
    const found = JSON.parse(text) as CustodyExport
    const { success, error } = Export.safeParse(found)
    if (!success)
      return refuse(`It is no export of custody: ${error.issues[0]?.path.join('.') || 'it'} is not right.`)
    if (custodyToJson(found) === text) return { ok: true, exported: found }
    return refuse('It was written anew by something else: the text is not as Pawl wrote it.')
  } catch {
    return refuse('It is no export of custody: it is not JSON.')
  }
}
