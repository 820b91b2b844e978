import { sleep } from '../../drivers/host/clock.ts'
import { type Agreement, agree } from './agree.ts'
import { type ClinicTown, openClinicTown } from './clinic.ts'
import { agreeAtClinic } from './clinic-agree.ts'
import { clinicFaults } from './clinic-faults.ts'
import { clinicJourneys } from './clinic-journeys.ts'
import { inService } from './clinic-people.ts'
import { tidies } from './clinic-staff.ts'
import { type Fault, townFaults } from './faults.ts'
import { journeys } from './journeys.ts'
import type { Journey } from './people.ts'
import type { Station } from './station.ts'
import { openTown, type Town } from './town.ts'

/** A place that can be shown: what is there, who comes, and what may go wrong. */
export interface Show<Place extends Station> {
  /** In a few words, for the help. */
  about: string
  faults: Fault<Place>[]
  journeys: Journey<Place>[]
  open(): Promise<Place>
  /** What stands there, without its ports. */
  what(place: Place): string
  /** Until journeys can begin. */
  awake(place: Place): Promise<unknown>
  /** What somebody puts in order after a journey that did not go well. */
  tidy(place: Place): Promise<void>
  agree(place: Place): Agreement
}

export const autoCentre: Show<Town> = {
  about: 'a simulated auto centre',
  faults: townFaults,
  journeys,
  open: openTown,
  what: ({ steel }) => `The cabinet has ${steel.doors.length} doors`,
  awake: ({ operator }) =>
    operator.until('all three devices to answer', () =>
      ['board-left', 'board-right', 'scanner'].every(device =>
        operator.book.rows.some(({ entry }) => entry.type === 'device-online' && entry.device === device),
      ),
    ),
  tidy: async () => {},
  agree,
}

export const kiosk: Show<ClinicTown> = {
  about: 'a simulated prescription kiosk',
  faults: clinicFaults,
  journeys: clinicJourneys,
  open: openClinicTown,
  what: ({ devices }) => `The kiosk has four lanes, a delivery door and ${devices.length} devices`,
  awake: inService,
  tidy: tidies,
  agree: agreeAtClinic,
}

export interface Walked {
  journeys: number
  failed: string[]
}

type Print = (line: string) => void

/** Every journey once; the first that fails ends it. */
export async function walkOnce<Place extends Station>(
  show: Show<Place>,
  place: Place,
  print: Print,
): Promise<Walked> {
  let walked = 0
  try {
    await show.awake(place)
    for (const journey of show.journeys) {
      print(`\n${journey.name}`)
      await journey.walk(place, 100 + walked, line => print(`  → ${line}`))
      walked++
    }
    return { journeys: walked, failed: [] }
  } catch (error) {
    return { journeys: walked, failed: [sentence(error), place.said()].filter(said => said !== '') }
  }
}

/** One journey after another until `stopped`. What somebody typed may make one fail: then it is said, and life goes on. */
export async function walkOn<Place extends Station>(
  show: Show<Place>,
  place: Place,
  print: Print,
  stopped: AbortSignal,
): Promise<Walked> {
  const stop = new Promise<'stop'>(resolve => stopped.addEventListener('abort', () => resolve('stop')))
  const amiss = async (error: unknown): Promise<void> => {
    print(`  → it did not go well: ${sentence(error)}`)
    await show.tidy(place).catch(again => print(`  → ${sentence(again)}`))
  }
  await Promise.race([show.awake(place).catch(error => print(sentence(error))), stop])
  for (let walked = 0; ; walked++) {
    const journey = show.journeys[walked % show.journeys.length]
    if (!journey || stopped.aborted) return { journeys: walked, failed: [] }
    print(`\n${journey.name}`)
    const walk = journey.walk(place, 100 + walked, line => print(`  → ${line}`))
    await Promise.race([walk.catch(amiss), stop])
    await Promise.race([sleep(place.clock, 1_500), stop])
  }
}

export const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error))
