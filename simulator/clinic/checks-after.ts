import type { Session } from '../../agent/domain/session.ts'
import type { Life } from '../rig/life.ts'
import type { ClinicCheck } from './evidence.ts'
import { LANES } from './site.ts'

// What must be so when a run is over.

/** What is known of a person is nowhere in clear, and nowhere at all once the prescription is over. */
export const nothingOfPersons: ClinicCheck = {
  promise: 'A12 what is known of a person in clear, or after it was destroyed',
  breaches: ({ clinic: { witness, hardware }, journal, book, disk, life }) => {
    const said = JSON.stringify(book.rows)
    const over = new Set(
      journal.flatMap(({ entry }) => (entry.type === 'prescription-ended' ? [entry.prescription] : [])),
    )
    return witness.scripts.flatMap(({ id, secret }) => [
      ...(disk.includes(secret) ? [`${secret} lies on the disk`] : []),
      ...(said.includes(secret) ? [`${secret} went up to the cloud`] : []),
      ...(over.has(id) && life.unit.store.vault.get(id)
        ? [`${id} is over and what was known is still there`]
        : []),
      ...(hardware.printer.labels.filter(label => label.includes(secret) && !label.includes(id)).length > 0
        ? [`the label of ${id} was printed with another's`]
        : []),
    ])
  },
}

/** Once everything works again and staff have looked, nothing is left under way. */
export const settles: ClinicCheck = {
  promise: 'A13 no progress after all faults end',
  breaches({ life, clinic: { hardware } }) {
    const { processes, site, devices, present } = life.unit
    const session = processes.get('dispense', 'tray') as Session | undefined
    const tray = hardware.machine.tray
    return [
      ...(session ? [`the session of ${session.prescription} is still ${session.phase}`] : []),
      ...site.devices.flatMap(({ name }) =>
        devices.health(name).online ? [] : [`${name} is still offline`],
      ),
      ...[...present.known.prescriptions()].flatMap(({ id, items }) =>
        items.some(({ now }) => now === 'dispensing') ? [`a pack of ${id} is still called dispensing`] : [],
      ),
      ...(tray.length > 0 && !session ? knownOut(life, tray.length) : []),
    ]
  },
}

const knownOut = ({ unit: { processes } }: Life, packs: number): string[] => {
  const known = processes.get('availability', 'kiosk') as { phase: string } | undefined
  return known?.phase === 'out' ? [] : [`${packs} packs lie in the tray and the unit serves on`]
}

/** What the unit believes lies in a lane is what lies there, as long as no hand slipped and the lane is not set aside. */
export const stockIsTrue: ClinicCheck = {
  promise: 'A8 A9 the stock of a lane is not what lies in it',
  breaches: ({ life, clinic: { hardware } }) => {
    const { known } = life.unit.present
    return LANES.flatMap(({ name }) => {
      const lying = hardware.machine.lane(name).packs.map(({ id }) => id)
      if (known.recall(`lane-${name}`) || lying.some(id => id.startsWith('X'))) return []
      const believed = known.packsIn(name).map(({ serial }) => serial)
      return believed.join() === lying.join()
        ? []
        : [`${name} holds ${lying.join() || 'nothing'}; the unit says ${believed.join() || 'nothing'}`]
    })
  },
}
