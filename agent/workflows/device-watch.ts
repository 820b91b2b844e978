import { record } from '../domain/effect.ts'
import type { Workflow } from './workflow.ts'

//   offline ──online──▶ online ──offline──▶ offline

/** Whether a device answers, said once when it changes. */
export type DeviceWatch = 'online' | 'offline'

export interface DeviceEvent {
  device: string
  now: DeviceWatch
  why: string
  frame: string | undefined
}

export const deviceWatch: Workflow<DeviceWatch, DeviceEvent> = {
  name: 'device-watch',

  hears(happening) {
    if (happening.type !== 'report') return undefined
    const { device, report } = happening
    if (report.type === 'online')
      return { key: device, event: { device, now: 'online', why: '', frame: undefined } }
    if (report.type !== 'offline') return undefined
    return { key: device, event: { device, now: 'offline', why: report.why, frame: report.frame } }
  },

  step(state, { device, now, why, frame }) {
    if (state === now) return { state, effects: [] }
    const entry =
      now === 'online'
        ? record({ type: 'device-online', device })
        : record({ type: 'device-offline', device, why, ...(frame === undefined ? {} : { frame }) })
    return { state: now, effects: [entry] }
  },

  deadline: () => undefined,
}
