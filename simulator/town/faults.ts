import type { Town } from './town.ts'

/** Something that goes wrong when somebody types it. */
interface Fault {
  name: string
  usage: string
  says: string
  strike(town: Town, words: string[]): Promise<string>
}

const lineOf = (town: Town, name = '') => {
  const line = (town.lines as Record<string, Town['lines']['left']>)[name]
  if (!line) throw new Error(`There is no line "${name}": ${Object.keys(town.lines).join(', ')}.`)
  return line
}

const faults: Fault[] = [
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
  {
    name: 'cut',
    usage: 'cut left|right|counter',
    says: 'the serial adapter is pulled out',
    async strike(town, [line]) {
      lineOf(town, line).unplug()
      return `Line ${line} was pulled out.`
    },
  },
  {
    name: 'mend',
    usage: 'mend left|right|counter',
    says: 'it is put back',
    async strike(town, [line]) {
      lineOf(town, line).plug()
      return `Line ${line} was put back.`
    },
  },
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

export const faultNamed = (name: string): Fault | undefined => faults.find(fault => fault.name === name)

export const faultsHelp = faults.map(({ usage, says }) => `  ${usage.padEnd(26)} ${says}`).join('\n')
