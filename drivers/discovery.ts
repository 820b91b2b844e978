import type { Bus } from './bus.ts'
import { catalog, type Listed } from './catalog.ts'
import type { Clock, Millis } from './host/clock.ts'
import type { Entropy } from './host/entropy.ts'
import type { OpenLine } from './host/line.ts'
import { openSharedLine, type SharedLine } from './shared-line.ts'

/** Something that answered on a line of which nothing was known. */
export interface Found {
  driver: string
  baud: number
  /** What of its options was needed to reach it, such as its address. */
  options: object
  /** What to tell a technician of it. */
  says: string
  /** What is wrong with how it answers, such as two devices at one address. */
  doubts: string[]
}

export interface Discovery {
  found: Found[]
  /** Why the port could not be opened at all. */
  why?: string
}

export interface DiscoveryParts {
  /** Opens that port at a speed. */
  opener(baud: number): OpenLine
  clock: Clock
  entropy: Entropy
  /** Every speed that a device can be set to, instead of that from the factory. */
  thorough: boolean
  /** Tells what is being tried. */
  trying(driver: string, baud: number): void
}

/** Boards of one maker take each other's frames for the beginning of their own: they forget them in a silence. */
const BETWEEN_FAMILIES: Millis = 300
/** Enough for any board on a cable; one behind a slow network needs its line in the site file. */
const PATIENCE: Millis = 150
/** How often a device that was found is asked again, to hear whether it is alone. */
const AGAIN = 4
const OPENS_WITHIN: Millis = 6_000

/** Looks for every device that can be asked, by status requests only: nothing is moved and nothing set. */
export async function discover(parts: DiscoveryParts): Promise<Discovery> {
  const drivers = catalog.filter(({ wire, probe }) => wire === 'bytes' && probe)
  const bauds = new Set(drivers.flatMap(each => speedsOf(each, parts.thorough)))
  const found: Found[] = []
  for (const baud of bauds) {
    const line = openSharedLine({
      open: parts.opener(baud),
      clock: parts.clock,
      entropy: parts.entropy,
      baud,
      echo: 'auto',
    })
    const why = await opened(line, parts.clock)
    if (why === undefined)
      for (const driver of drivers)
        if (speedsOf(driver, parts.thorough).includes(baud))
          found.push(...(await look(line, driver, baud, parts)))
    line.close()
    if (why !== undefined) return { found, why }
  }
  return { found }
}

const speedsOf = ({ probe }: Listed, thorough: boolean): number[] =>
  thorough ? (probe?.bauds ?? []) : (probe?.bauds.slice(0, 1) ?? [])

/** Resolves once the port is there, with the reason when it does not come. */
function opened(line: SharedLine, clock: Clock): Promise<string | undefined> {
  return new Promise(resolve => {
    const cancel = clock.after(OPENS_WITHIN, () => resolve(line.stats().why ?? 'it does not open'))
    line.join('opening').watch(up => {
      if (!up) return
      cancel()
      resolve(undefined)
    })
  })
}

async function look(
  line: SharedLine,
  driver: Listed,
  baud: number,
  { clock, trying }: DiscoveryParts,
): Promise<Found[]> {
  const found: Found[] = []
  trying(driver.name, baud)
  await pause(clock, BETWEEN_FAMILIES)
  for (const options of driver.probe?.candidates ?? []) {
    const name = `${driver.name} ${JSON.stringify(options)}`
    const bus = patient(line.join(name, { ...driver.manners, tries: 1 }))
    const says = await driver.probe?.ask(bus, options, clock)
    if (says === undefined) continue
    const doubts = await alone(line, name, () => driver.probe?.ask(bus, options, clock), clock)
    found.push({ driver: driver.name, baud, options, says, doubts })
  }
  return found
}

/** A device that answers answers soon: on a line where most are missing nobody waits longer. */
const patient = (bus: Bus): Bus => ({
  ...bus,
  ask: (codec, request, how) =>
    bus.ask(codec, request, { ...how, within: Math.min(how?.within ?? PATIENCE, PATIENCE) }),
})

/** Asks again and again: two devices at one address answer together, and neither is understood always. */
async function alone(
  line: SharedLine,
  name: string,
  ask: () => Promise<string | undefined> | undefined,
  clock: Clock,
): Promise<string[]> {
  const before = noiseOf(line, name)
  let missing = 0
  for (let turn = 0; turn < AGAIN; turn++) {
    if ((await ask()) === undefined) missing++
    await pause(clock, PATIENCE)
  }
  const noise = noiseOf(line, name) - before
  const doubts: string[] = []
  if (noise > 0)
    doubts.push(
      `${noise} bytes came that belong to no answer: perhaps two devices have this address, or A and B have no termination`,
    )
  if (missing > 0) doubts.push(`${missing} of ${AGAIN} more questions were not answered`)
  return doubts
}

function noiseOf(line: SharedLine, name: string): number {
  const { noise, devices } = line.stats()
  return noise + (devices[name]?.noise ?? 0)
}

const pause = (clock: Clock, span: Millis): Promise<void> =>
  new Promise(resolve => clock.after(span, resolve))
