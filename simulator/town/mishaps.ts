import { sleep } from '../../drivers/host/clock.ts'
import { AT_THE_DOOR, book, collects, deposits, is, type Journey, sees, showsCode } from './people.ts'
import { done } from './staff-journeys.ts'

const wrongCodes: Journey = {
  name: 'somebody guesses codes, and the booking’s code is burnt',
  async walk(town, number, tell) {
    const booking = `GUESS-${number}`
    const codes = await book(town, booking, 'customer')
    for (let guess = 0; guess < 5; guess++) {
      town.scanner.scan(`${booking}:${guess}00${guess}`)
      await town.operator.until(
        'a refusal',
        is('code-refused', entry => entry.booking === booking && entry.tries === guess + 1),
      )
    }
    town.scanner.scan(`${booking}:${codes.deposit}`)
    await town.operator.until(
      'the burnt code to be refused',
      is('claim-refused', entry => entry.booking === booking && entry.why === 'burnt'),
    )
    tell('the sixth try had the right code, and opened nothing')
    const id = town.operator.instruct({ kind: 'cancel', booking })
    await town.operator.until(
      'the cancelling',
      is('instruction-ended', entry => entry.id === id),
    )
  },
}

const remoteOpen: Journey = {
  name: 'the operator opens a door from afar',
  async walk(town, _number, tell) {
    const door = town.steel.door('B8')
    const id = town.operator.instruct({
      kind: 'open',
      compartment: 'B8',
      reason: 'inspection',
      by: 'operator',
      clear: false,
      grant: town.token('B8', 'enter'),
    })
    await sees(town, 'B8 to open', () => door.open)
    await sleep(town.clock, AT_THE_DOOR)
    door.push()
    await town.operator.until(
      'the answer',
      is('instruction-ended', entry => entry.id === id && entry.outcome === 'done'),
    )
    await town.operator.until(
      'B8 to be seen closed',
      is('open-ended', entry => entry.compartment === 'B8'),
    )
    tell('B8 opened and was closed; the instruction ended')
  },
}

const forced: Journey = {
  name: 'a thief forces a door',
  async walk(town, _number, tell) {
    const door = town.steel.door('A8')
    door.force()
    await town.operator.until(
      'the alarm',
      is('alarm-raised', entry => entry.alarm === 'forced' && entry.compartment === 'A8'),
    )
    door.push()
    await town.operator.until(
      'the alarm to clear',
      is('alarm-cleared', entry => entry.alarm === 'forced' && entry.compartment === 'A8'),
    )
    tell('the alarm was at the cloud while the door still stood open; A8 is out of use')
    const opened = door.openings.length
    await done(town, { kind: 'return', compartment: 'A8', by: 'kim', grant: town.token('A8', 'enter') })
    await sees(town, 'A8 to open', () => door.openings.length > opened)
    await sleep(town.clock, AT_THE_DOOR)
    door.push()
    await town.operator.until(
      'A8 to be given back',
      is('released', entry => entry.compartment === 'A8'),
    )
    tell('staff looked, closed it, and it is in use again')
  },
}

const jammed: Journey = {
  name: 'a latch jams: the unit gives up on it, and another door serves',
  async walk(town, number, tell) {
    const booking = `JAM-${number}`
    const codes = await book(town, booking, 'customer', 'L')
    const jam = town.steel.door('A7')
    jam.alter({ jammed: true })
    town.scanner.scan(`${booking}:${codes.deposit}`)
    await town.operator.until(
      'A7 to be given up',
      is('stuck', entry => entry.compartment === 'A7'),
      20_000,
    )
    await deposits(town, booking, codes.deposit, `keys of car ${number}`, tell)
    await collects(town, booking, codes.collect, `keys of car ${number}`, tell)
    jam.alter({ jammed: false })
    const id = town.operator.instruct({ kind: 'release', compartment: 'A7', by: 'technician' })
    await town.operator.until(
      'A7 to be released',
      is('instruction-ended', entry => entry.id === id && entry.outcome === 'done'),
    )
  },
}

const leftOpen: Journey = {
  name: 'a door is left open until somebody is told',
  async walk(town, number, tell) {
    const booking = `OPEN-${number}`
    const codes = await book(town, booking, 'customer')
    const door = await showsCode(town, booking, codes.deposit)
    door.put(`keys of car ${number}`)
    await town.operator.until(
      'the alarm',
      is('alarm-raised', entry => entry.alarm === 'left-open' && entry.compartment === door.name),
      20_000,
    )
    door.push()
    await town.operator.until(
      'the deposit',
      is('deposited', entry => entry.booking === booking),
    )
    await collects(town, booking, codes.collect, `keys of car ${number}`, tell)
  },
}

const offline: Journey = {
  name: 'the network is gone, and nobody at the cabinet notices',
  async walk(town, number, tell) {
    const booking = `DARK-${number}`
    const codes = await book(town, booking, 'customer')
    await town.broker.cut()
    const door = await showsCode(town, booking, codes.deposit)
    door.put(`keys of car ${number}`)
    door.push()
    await sleep(town.clock, 500)
    await town.broker.heal()
    await town.operator.until(
      'the deposit',
      is('deposited', entry => entry.booking === booking),
      40_000,
    )
    tell('the cloud caught up when the network came back')
    await collects(town, booking, codes.collect, `keys of car ${number}`, tell)
  },
}

const killed: Journey = {
  name: 'the agent is killed while a door stands open',
  async walk(town, number, tell) {
    const booking = `KILL-${number}`
    const codes = await book(town, booking, 'customer')
    const door = await showsCode(town, booking, codes.deposit)
    await town.operator.until(
      'the opening',
      is('door-opened', entry => entry.compartment === door.name),
    )
    await town.endAgent('SIGKILL')
    door.put(`keys of car ${number}`)
    door.push()
    town.startAgent()
    await town.operator.until(
      'the deposit',
      is('deposited', entry => entry.booking === booking),
      40_000,
    )
    tell('it came back, read the door, and knew')
    await collects(town, booking, codes.collect, `keys of car ${number}`, tell)
  },
}

const unplugged: Journey = {
  name: 'a serial adapter is pulled and put back',
  async walk(town, _number, tell) {
    town.lines.right.unplug()
    await town.operator.until(
      'the board to be missed',
      is('device-offline', entry => entry.device === 'board-right'),
    )
    const back = town.operator.book.rows.length
    town.lines.right.plug()
    await town.operator.until(
      'the board to be back',
      entry =>
        entry.type === 'device-online' &&
        entry.device === 'board-right' &&
        town.operator.book.rows.findLastIndex(row => row.entry === entry) >= back,
    )
    tell('the other board served on meanwhile')
  },
}

/** What goes wrong in an auto centre, once each. */
export const mishaps: Journey[] = [
  wrongCodes,
  remoteOpen,
  forced,
  jammed,
  leftOpen,
  offline,
  killed,
  unplugged,
]
