import type { Millis } from '../../drivers/host/clock.ts'
import type { Asker } from './ask.ts'
import type { Known } from './known.ts'
import { PERMITS } from './power.ts'

const HOUR: Millis = 3_600_000

/** Why nobody may have that door opened now by asking for it, in a few words; `workflow` is the one that opens it. */
export function whyNotOpen(name: string, workflow: string, from: Asker, known: Known): string | undefined {
  if (known.compartment(name) === undefined) return `there is no compartment ${name}`
  if (name === known.site.kiosk?.dispense?.delivery) {
    // What lies in the tray is for one patient only: nobody opens it from afar, whatever they say.
    if ('instruction' in from) return 'the delivery door is not opened from afar'
    const { machine } = known
    if (machine && !heldAt(known)) return 'somebody is at the machine'
  }
  const standing = known.visitAt(name)
  if (standing && !(standing.workflow === workflow && standing.visit.phase === 'in-doubt'))
    return standing.visit.phase === 'in-doubt'
      ? 'it is in doubt: look, then release it'
      : 'somebody is at this door'
  const door = known.door(name)
  if (door === 'open') return 'its door is open already'
  if (door === 'unknown') return 'its door cannot be seen: its board does not answer'
  if ('instruction' in from && !PERMITS[known.stage].remote)
    return 'its battery is low: no door is opened from afar'
  const atOnce = known.site.policy.remote_opens_at_once
  if ('instruction' in from && openNow(workflow, known) >= atOnce)
    return atOnce === 1 ? 'another door stands open: one at a time' : `${atOnce} doors stand open already`
  // An attack on the operator's network must not empty the whole bank at once.
  const most = known.site.policy.remote_opens_per_hour
  if ('instruction' in from && known.remoteOpens(known.at - HOUR) > most)
    return `more than ${most} doors an hour may not be opened from afar`
  return undefined
}

/** Doors that somebody had opened with a reason, and that are not closed yet. */
function openNow(own: string, known: Known): number {
  let count = 0
  for (const { workflow, visit } of known.visits())
    if (workflow === own && visit.phase !== 'in-doubt') count++
  return count
}

/** Whether what stands at the machine is no person any more, but something to look at. */
const heldAt = ({ machine }: Known): boolean =>
  machine !== undefined && 'held' in machine.machine && machine.machine.held === true
