import { actuation } from './actuation.ts'
import { backlog } from './backlog.ts'
import { bus } from './bus.ts'
import { doors } from './doors.ts'
import type { Bench } from './figure.ts'
import { flash } from './flash.ts'
import { idle } from './idle.ts'
import { kiosk } from './kiosk.ts'
import { loop } from './loop.ts'
import { memory } from './memory.ts'
import { startTime } from './start-time.ts'
import { vmc } from './vmc.ts'

export const benches: Bench[] = [
  actuation,
  loop,
  startTime,
  memory,
  doors,
  idle,
  bus,
  vmc,
  kiosk,
  flash,
  backlog,
]
