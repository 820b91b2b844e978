import { openLog } from '../../agent/log.ts'
import { startUnit } from '../../agent/start.ts'
import { openStore } from '../../agent/store/open.ts'
import { readSite } from '../../config/load.ts'
import { systemClock as clock } from '../../drivers/host/clock.ts'
import { systemEntropy as entropy } from '../../drivers/host/entropy.ts'
import { driverChecks } from '../../drivers/site-checks.ts'
import { type Bank, bankLine, bankSite, counter, doorNames, KEY, SCANNERS } from './doors-bank.ts'

/** Starts the agent of a bank on a disk that was filled; its boards and scanners are in this process, too. */
export function openBank(disk: string, bank: Bank) {
  const { lines, boards, doors } = bank
  const names = doorNames(bank)
  const places = new Map(names.map((name, index) => [name, index]))
  let ordered: (door: string) => void = () => {}
  const wires = Array.from({ length: lines }, (_, line) =>
    bankLine(boards, doors, (board, lock) =>
      ordered(names[(line * boards + board - 1) * doors + lock - 1] ?? ''),
    ),
  )
  const counters = Array.from({ length: SCANNERS }, counter)
  const began = { wall: performance.now(), cpu: process.cpuUsage() }
  const read = readSite(bankSite(bank), [driverChecks])
  if (!read.ok) throw new Error(`the site of the bench is not right: ${read.problems[0]?.says}`)
  const { site } = read
  const unit = startUnit({
    site,
    clock,
    entropy,
    key: KEY,
    store: openStore(disk, KEY, entropy),
    log: openLog('fatal', site.unit),
    opener: ({ name }) => {
      const [kind, at] = name.split('-')
      const found = kind === 'line' ? wires[Number(at)] : counters[Number(at)]
      if (!found) throw new Error(`there is no line ${name}`)
      return found.open
    },
    version: { agent: 'bench', node: process.version.slice(1) },
  })

  return {
    unit,
    names,
    /** When its site file began to be read, and what the processor had done until then. */
    began,
    /** At one of the scanners, in turns. */
    scan: (index: number, text: string): void => counters[index % SCANNERS]?.scan(text),
    /** Called with the door whose order was just written to its wire. */
    onOrder(heard: typeof ordered): void {
      ordered = heard
    },
    /** Somebody moves a door, and its board says so. */
    move(door: string, open: boolean): void {
      const index = places.get(door) ?? 0
      const board = Math.floor(index / doors)
      wires[Math.floor(board / boards)]?.move((board % boards) + 1, (index % doors) + 1, open)
    },
  }
}
