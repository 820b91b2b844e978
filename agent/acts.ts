import type { Site } from '../config/site.ts'
import type { Outcome } from '../drivers/device.ts'
import type { Devices } from './devices.ts'
import { openBox } from './domain/boxes.ts'
import type { Act } from './domain/effect.ts'
import type { Happening } from './happenings.ts'
import { labelOf } from './label.ts'
import type { Store } from './store/open.ts'
import type { UnitTime } from './time.ts'

export interface ActParts {
  site: Site
  devices: Devices
  store: Pick<Store, 'vault'>
  key: Uint8Array
  time: UnitTime
  happen(happening: Happening): void
}

/** Makes things happen in the world, once they are committed; what the devices say of it comes back as happenings. */
export const actor =
  ({ site, devices, store, key, time, happen }: ActParts) =>
  (act: Act): void => {
    const by = time.onClock(act.by)
    const tell = (outcome: Promise<Outcome>): void => {
      if (act.type === 'trigger') return
      const { order } = act
      const about = act.type === 'unlock' ? { compartment: act.compartment } : {}
      void outcome.then(said => happen({ type: 'outcome', order, ...about, outcome: said }))
    }
    switch (act.type) {
      case 'unlock':
        return tell(devices.unlock(act.compartment, by))
      case 'vend':
        return tell(devices.vend(act.lane, by))
      case 'print': {
        // Opened for the moment in which it is printed, and kept nowhere.
        const box = store.vault.get(act.prescription)
        const clear = box && openBox(key, act.prescription, box)
        if (clear === undefined) return tell(Promise.resolve({ ok: false, fault: 'no-label', sent: false }))
        return tell(devices.send(act.device, { type: 'print', page: labelOf(site, clear, act.packs), by }))
      }
      case 'charge':
        return tell(devices.send(act.device, { type: 'charge', amount: act.amount, product: 1, by }))
      case 'settle':
        return tell(devices.send(act.device, { type: 'settle', kept: act.kept, by }))
      case 'trigger':
        return tell(devices.send(act.device, { type: 'trigger', on: act.on, by }))
    }
  }
