import type { Station } from './station.ts'
import type { Town } from './town.ts'

/** Something that goes wrong when somebody types it. */
export interface Fault<Place = Town> {
  name: string
  usage: string
  says: string
  strike(town: Place, words: string[]): Promise<string>
}

const lineOf = (town: Station, name = '') => {
  const line = town.lines[name]
  if (!line) throw new Error(`There is no line "${name}": ${Object.keys(town.lines).join(', ')}.`)
  return line
}

/** A serial adapter is pulled out and put back, under the words that somebody types for it. */
export const pulls = (out: string, back: string, lines: string): Fault<Station>[] => [
  {
    name: out,
    usage: `${out} ${lines}`,
    says: 'the serial adapter is pulled out',
    async strike(town, [line]) {
      lineOf(town, line).unplug()
      return `Line ${line} was pulled out.`
    },
  },
  {
    name: back,
    usage: `${back} ${lines}`,
    says: 'it is put back',
    async strike(town, [line]) {
      lineOf(town, line).plug()
      return `Line ${line} was put back.`
    },
  },
]

/** What can go wrong wherever an agent runs. */
export const anywhere: Fault<Station>[] = [
  {
    name: 'offline',
    usage: 'offline',
    says: 'the network is gone',
    async strike(town) {
      await town.broker.cut()
      return 'The network is gone.'
    },
  },
  {
    name: 'online',
    usage: 'online',
    says: 'the network is back',
    async strike(town) {
      await town.broker.heal()
      return 'The network is back.'
    },
  },
  {
    name: 'kill',
    usage: 'kill',
    says: 'kill -9 of the agent',
    async strike(town) {
      await town.endAgent('SIGKILL')
      return 'The agent was killed.'
    },
  },
  {
    name: 'restart',
    usage: 'restart',
    says: 'the agent starts again',
    async strike(town) {
      town.startAgent()
      return 'The agent starts.'
    },
  },
]

/** What can go wrong at an auto centre. */
export const townFaults: Fault[] = [
  {
    name: 'jam',
    usage: 'jam DOOR',
    says: 'its latch no longer lets go',
    async strike(town, [door = '']) {
      town.steel.door(door).alter({ jammed: true })
      return `${door} is jammed.`
    },
  },
  {
    name: 'unjam',
    usage: 'unjam DOOR',
    says: 'it works again',
    async strike(town, [door = '']) {
      town.steel.door(door).alter({ jammed: false })
      return `${door} works again.`
    },
  },
  {
    name: 'force',
    usage: 'force DOOR',
    says: 'somebody breaks it open',
    async strike(town, [door = '']) {
      town.steel.door(door).force()
      return `${door} was forced open.`
    },
  },
  {
    name: 'open',
    usage: 'open DOOR',
    says: 'somebody opens it with the mechanical key and leaves it open',
    async strike(town, [door = '']) {
      town.steel.door(door).openByHand()
      return `${door} was opened with the mechanical key and left open.`
    },
  },
  {
    name: 'shut',
    usage: 'shut DOOR',
    says: 'somebody closes it',
    async strike(town, [door = '']) {
      town.steel.door(door).push()
      return `${door} was closed.`
    },
  },
  ...pulls('cut', 'mend', 'left|right|counter'),
  ...anywhere,
]

export const helpOf = (faults: Pick<Fault, 'usage' | 'says'>[]): string =>
  faults.map(({ usage, says }) => `  ${usage.padEnd(26)} ${says}`).join('\n')
