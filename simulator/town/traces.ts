import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ClinicTown } from './clinic.ts'

/**
 * Every form in which a text may lie about: as it is, in two bytes a letter, in hexadecimal with or without blanks, and
 * in base64, wherever in it the text begins.
 */
export function formsOf(secret: string): Buffer[] {
  const plain = Buffer.from(secret)
  const hex = plain.toString('hex')
  const pairs = hex.match(/../g)?.join(' ') ?? ''
  // What stands beside the text changes the first and the last letters only; of a short one nothing is left.
  const base64 = [0, 1, 2].map(ahead =>
    Buffer.concat([Buffer.alloc(ahead), plain])
      .toString('base64')
      .slice(4, -4),
  )
  const texts = [hex, hex.toUpperCase(), pairs, pairs.toUpperCase(), ...base64]
  const kept = texts.filter(text => text.length >= plain.length).map(text => Buffer.from(text))
  return [plain, Buffer.from(secret, 'utf16le'), ...kept]
}

/** Looks for what must be nowhere: in the unit's files, in what it publishes, in what it logs. Begin before the agent does. */
export async function openTraces({ broker, unit, data, logged, said }: ClinicTown) {
  const passed: Buffer[] = []
  const fromCloud: Buffer[] = []
  const complaints: string[] = []
  await broker.hear('#', payload => void passed.push(payload))
  for (const topic of ['instruction', 'confirm'])
    await broker.hear(`pawl/v1/${unit}/${topic}`, payload => void fromCloud.push(payload))

  /** What came by, on whatever topic: all but, once each, what the cloud said. */
  function published(): Buffer[] {
    const rest = [...passed]
    for (const payload of fromCloud) {
      const at = rest.findIndex(each => each.equals(payload))
      if (at < 0) throw new Error('the cloud said what nobody heard')
      rest.splice(at, 1)
    }
    return rest
  }

  function places(): [place: string, bytes: Buffer][] {
    const files = readdirSync(data, { recursive: true, withFileTypes: true }).filter(file => file.isFile())
    return [
      ...files.map(({ parentPath, name }): [string, Buffer] => {
        const file = join(parentPath, name)
        return [file, readFileSync(file)]
      }),
      ...published().map((payload, index): [string, Buffer] => [`payload ${index}`, payload]),
      ['standard output', Buffer.from(logged())],
      ['standard error', Buffer.from(complaints.join('') + said())],
    ]
  }

  return {
    /** What the cloud told the unit. */
    fromCloud,
    /** Keeps what the agent complained of: its next life begins anew. */
    keepComplaints: () => void complaints.push(said()),
    /** Where any of these lies, one sentence each. */
    found: (secrets: string[]): string[] =>
      places().flatMap(([place, bytes]) =>
        secrets.flatMap(secret =>
          formsOf(secret).some(form => bytes.includes(form)) ? [`${secret} in ${place}`] : [],
        ),
      ),
  }
}

export type Traces = Awaited<ReturnType<typeof openTraces>>
