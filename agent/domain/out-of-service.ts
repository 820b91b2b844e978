import type { Known } from './known.ts'
import { checkScanner, setup, trayFull } from './session.ts'

/** Why a kiosk can serve nobody now, in one sentence; undefined when it can. */
export function outOfService(known: Known): string | undefined {
  const { patient_scanner, keypad, delivery, printer, payment, tray } = setup(known)
  const { site } = known
  if (!known.rules) return 'no pharmacist has signed off its policy pack'
  const needed = new Set([
    ...site.lanes.map(({ device }) => device),
    ...[patient_scanner, checkScanner(known), keypad, payment, tray?.device].flatMap(name => name ?? []),
  ])
  const silent = [...needed].find(device => !known.online(device))
  if (silent !== undefined) return `${silent} does not answer`
  if (printer !== undefined && !known.printerReady(printer)) return `${printer} is not ready`
  const door = known.door(delivery)
  if (door !== 'closed')
    return door === 'open' ? 'the delivery door is open' : 'nobody knows how the delivery door is'
  if (known.visitAt(delivery)) return 'somebody else is at the delivery door, or was'
  if (known.held(delivery) !== undefined) return 'the delivery door is out of use'
  if (trayFull(known) === true) return 'something lies in the tray'
  return undefined
}
