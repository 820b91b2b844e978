import type { Entry } from './journal.ts'
import type { PowerChange } from './power.ts'
import { isAccess, tellAccess } from './tell-access.ts'
import { isDispensing, tellDispensing } from './tell-dispense.ts'
import { isDoors, tellDoors } from './tell-doors.ts'
import { isStock, tellStock } from './tell-stock.ts'

/** One journal entry as a plain sentence, without its time. */
export function tellEntry(entry: Entry): string {
  if (isDoors(entry)) return tellDoors(entry)
  if (isAccess(entry)) return tellAccess(entry)
  if (isStock(entry)) return tellStock(entry)
  if (isDispensing(entry)) return tellDispensing(entry)
  switch (entry.type) {
    case 'started':
      return `Agent ${entry.version} started${{ first: ' for the first time', stop: '', crash: ' after it was cut off' }[entry.after]}`
    case 'stopped':
      return 'Agent stopped in order'
    case 'device-online':
      return `${entry.device} answers`
    case 'device-offline':
      return `${entry.device} does not answer (${entry.why})`
    case 'input-changed':
      return `${entry.device}: ${entry.input} is ${entry.on ? 'on' : 'off'}`
    case 'power-changed':
      return `Power: ${POWER[entry.stage]} (${entry.why})`
    case 'instruction-accepted':
      return `Instruction ${entry.id} to ${entry.kind} accepted`
    case 'instruction-conflict':
      return `Instruction ${entry.id} came again with other content: the first one stands`
    case 'instruction-ended':
      return `Instruction ${entry.id} to ${entry.kind}: ${entry.outcome}${entry.why === undefined ? '' : `, ${entry.why}`}`
  }
}

const POWER: Record<PowerChange['stage'], string> = {
  normal: 'mains, everything as always',
  'on-battery': 'on battery, everything goes on',
  low: 'the battery is low, things are only taken out',
  hibernating: 'the battery is nearly empty, no door opens but by a technician at the unit',
}
