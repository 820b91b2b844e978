import type { Plug, Socket } from './peripheral.ts'
import { host, type Refuse, split16, split32, type Tally, word } from './vmc-frames.ts'

// 06 sensor elevator SEL SEL   drive, whatever price and stock    →  04 status SEL SEL, once for every step
// 03 SEL SEL                   buy: refused with 02 if it cannot be had, else driven with the drop sensor on
// 01 SEL SEL → 02   51 → 52   53 → 54   31 → 11 for every lane   16 n: poll every n × 100 ms   05 00 00: cancel
// Any other command is acknowledged, and nothing comes of it.

/** One selection. The world may change it at any time. */
export interface VmcLane {
  works: 'drops' | 'jams' | 'no-drop' | 'double-drop' | 'does-not-stop' | 'no-motor'
  stock: number
  /** One entry for each pack that really fell. */
  dropped: { at: number }[]
  /** How often its motor was set going, jammed or not. */
  turned: number
  price?: number
  capacity?: number
  product?: number
  paused?: boolean
}

/** What stands around the controller. The world may change it at any time. */
export interface VmcWorld extends Tally {
  lanes: Map<number, VmcLane>
  /** A pack lies in the elevator: until somebody takes it out, that is, sets this to false. */
  inElevator: boolean
  deliveryDoor: 'closed' | 'open'
  elevator: 'works' | 'error'
}

export interface VmcSettings {
  pollMillis?: number
  turnMillis?: number
  /** One way of the elevator. */
  liftMillis?: number
  /** Whether a purchase (03) goes by elevator; a drive (06) says so itself. */
  elevator?: boolean
  refuse?: Refuse
}

const DISPENSING = 0x01
const DISPENSED = 0x02
const JAMMED = 0x03
const DOES_NOT_STOP = 0x04
const NO_MOTOR = 0x06
const ELEVATOR_ERROR = 0x07
const ASCENDING = 0x10
const DESCENDING = 0x11
const ASCENDING_ERROR = 0x12
const DESCENDING_ERROR = 0x13
const TERMINATED = 0xff

const NORMAL = 0x01
const SLOWEST_POLL = 20

/** A selection that does as it is told. */
export const lane = (works: VmcLane['works'] = 'drops', stock = 5): VmcLane => ({
  works,
  stock,
  dropped: [],
  turned: 0,
})

/** A machine with these selections and nothing wrong with it. */
export const vmcWorld = (...lanes: [selection: number, lane: VmcLane][]): VmcWorld => ({
  lanes: new Map(lanes),
  inElevator: false,
  deliveryDoor: 'closed',
  elevator: 'works',
  unanswered: 0,
  lastAnswerMillis: [],
  gaveUp: 0,
})

export function vmc(settings: VmcSettings, world: VmcWorld): Plug {
  const { pollMillis = 200, turnMillis = 3_000, liftMillis = 2_000, refuse = () => undefined } = settings

  return socket => {
    /** `stop` says whether it was not too late for that. */
    let underWay: { selection: number; stop(): boolean } | undefined
    /** As though its keys were pressed, until it is cancelled or driven. */
    let selected: number | undefined

    const { tell, pollEvery, receive } = host(socket, { pollMillis, refuse, heard }, world)
    const report = (selection: number, status: number) => tell(0x04, status, ...split16(selection))

    /** While one drive is under way another is acknowledged and let pass: no 04 FF, nothing at all. */
    function drive(selection: number, sensor: boolean, lifts: boolean): void {
      if (underWay) return
      selected = undefined
      const driven = world.lanes.get(selection)
      if (!driven || driven.works === 'no-motor') return report(selection, NO_MOTOR)
      const stuck = world.elevator === 'error' || world.inElevator || world.deliveryDoor === 'open'
      if (lifts && stuck) return report(selection, ELEVATOR_ERROR)
      const stop = dispense({
        ...{ socket, world, sensor, lifts, turnMillis, liftMillis },
        lane: driven,
        step: status => report(selection, status),
        end(status) {
          underWay = undefined
          report(selection, status)
        },
      })
      underWay = { selection, stop }
    }

    function cancel(): void {
      const stopped = underWay?.stop() ? underWay.selection : undefined
      if (stopped !== undefined) underWay = undefined
      const cancelled = stopped ?? selected
      selected = undefined
      if (cancelled !== undefined) report(cancelled, TERMINATED)
    }

    function buy(selection: number): void {
      const status = check(world, selection)
      if (status === NORMAL) drive(selection, true, settings.elevator ?? false)
      else tell(0x02, status, ...split16(selection))
    }

    function heard(command: number, text: Uint8Array): void {
      const [first = 0, second = 0] = text
      const selection = text.length >= 2 ? word(text) : undefined
      if (command === 0x06 && text.length >= 4) drive(word(text.subarray(2)), first === 1, second === 1)
      if (command === 0x16 && first >= 1 && first <= SLOWEST_POLL) pollEvery(first * 100)
      if (command === 0x31) for (const [number, each] of world.lanes) tell(0x11, ...slot(number, each))
      if (command === 0x51) tell(0x52, ...machine())
      if (command === 0x53) tell(0x54, elevatorStatus(world))
      if (selection === undefined) return
      if (command === 0x01) tell(0x02, check(world, selection), ...split16(selection))
      if (command === 0x03) buy(selection)
      if (command === 0x05 && selection === 0) cancel()
      if (command === 0x05 && selection !== 0) selected = selection
    }

    tell(0x31)
    return { receive }
  }
}

interface Drive {
  socket: Socket
  world: VmcWorld
  lane: VmcLane
  sensor: boolean
  lifts: boolean
  turnMillis: number
  liftMillis: number
  step(status: number): void
  end(status: number): void
}

/** One drive to its end. What it returns stops it, unless something has fallen already. */
function dispense(drive: Drive): () => boolean {
  const { socket, world, lane: driven, sensor, lifts, turnMillis, liftMillis, step, end } = drive
  let pending = () => {}
  let fallen = 0

  const later = (delay: number, then: () => void) => {
    pending = socket.after(delay, then)
  }

  function ascend(): void {
    step(ASCENDING)
    later(liftMillis, () => (world.elevator === 'error' ? end(ASCENDING_ERROR) : turn()))
  }

  function turn(): void {
    driven.turned++
    later(turnMillis, () => {
      if (driven.works === 'jams') return end(JAMMED)
      fall()
      if (driven.works === 'double-drop') fall()
      if (driven.works === 'does-not-stop') return later(turnMillis, overrun)
      // Without the sensor nobody knows whether anything fell.
      if (sensor && fallen === 0) return end(JAMMED)
      if (lifts) descend()
      else end(DISPENSED)
    })
  }

  /** A second turn, until the controller cuts the current. */
  function overrun(): void {
    fall()
    end(DOES_NOT_STOP)
  }

  function descend(): void {
    step(DESCENDING)
    later(liftMillis, () => end(world.elevator === 'error' ? DESCENDING_ERROR : DISPENSED))
  }

  function fall(): void {
    if (driven.works === 'no-drop' || driven.stock === 0) return
    driven.stock--
    driven.dropped.push({ at: socket.now() })
    fallen++
    if (lifts) world.inElevator = true
  }

  step(DISPENSING)
  if (lifts) ascend()
  else turn()

  return () => {
    if (fallen > 0) return false
    pending()
    return true
  }
}

/** Whether a selection can be had, as 02 says it. */
function check({ lanes, inElevator, deliveryDoor, elevator }: VmcWorld, selection: number): number {
  const found = lanes.get(selection)
  if (!found) return 0x03
  if (found.paused) return 0x04
  if (found.stock === 0) return 0x02
  if (inElevator) return 0x05
  if (deliveryDoor === 'open') return 0x06
  return elevator === 'error' ? 0x07 : NORMAL
}

/** As 54 says it. */
function elevatorStatus({ inElevator, deliveryDoor, elevator }: VmcWorld): number {
  if (elevator === 'error') return 0x03
  if (inElevator) return 0x01
  return deliveryDoor === 'open' ? 0x02 : 0x00
}

/** The text of 11: selection, price, stock, capacity, product, paused. */
const slot = (
  selection: number,
  { price = 0, stock, capacity = 10, product = 0, paused }: VmcLane,
): number[] => [
  ...[...split16(selection), ...split32(price), stock, capacity],
  ...[...split16(product), paused ? 1 : 0],
]

/** The text of 52: five devices without a fault, no change, a number, no sensor of temperature or humidity. */
const machine = (): number[] => [
  ...new Uint8Array(5 + 4 + 4),
  ...Buffer.from('0000000001', 'latin1'),
  ...new Uint8Array(8 + 8),
]
