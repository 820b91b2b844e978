import { expect, test } from 'vitest'
import { rules } from './rules.ts'

/** For each rule, a file that breaks it, and one that comes close and does not. */
const cases: Record<string, { bad: [path: string, text: string]; good: [path: string, text: string] }> = {
  'one direction': {
    bad: ['drivers/bus.ts', "import { x } from '../agent/loop.ts'"],
    good: ['agent/loop.ts', "import { x } from '../drivers/bus.ts'"],
  },
  'inside the agent': {
    bad: ['agent/domain/door.ts', "import type { Store } from '../store/open.ts'"],
    good: ['agent/store/open.ts', "import type { Row } from '../domain/journal.ts'"],
  },
  'nothing asks the console': {
    bad: ['agent/start.ts', "import { x } from './cli/menu.ts'"],
    good: ['agent/cli/main.ts', "import { x } from './menu.ts'"],
  },
  'workflows are strangers': {
    bad: ['agent/workflows/collect.ts', "import { x } from './deposit.ts'"],
    good: ['agent/workflows/collect.ts', "import type { Step } from './workflow.ts'"],
  },
  'drivers are strangers': {
    bad: ['drivers/lock-8a/driver.ts', "import { x } from '../kerong-cu16/frames.ts'"],
    good: ['drivers/lock-8a/driver.ts', "import { x } from './frames.ts'"],
  },
  'two hands': {
    bad: ['simulator/devices/lock-8a-board.ts', "import { x } from '../../drivers/checksums.ts'"],
    good: ['simulator/world/clock.ts', "import type { Clock } from '../../drivers/host/clock.ts'"],
  },
  'one home a package': {
    bad: ['agent/start.ts', "import mqtt from 'mqtt/client'"],
    good: ['agent/sync/mqtt-uplink.ts', "import mqtt from 'mqtt'"],
  },
  'clock and chance': {
    bad: ['agent/loop.ts', 'const at = Date.now()'],
    good: ['agent/loop.ts', '// never Date.now() here\nconst at = new Date(clock.wall())'],
  },
  'the process belongs to main': {
    bad: ['agent/loop.ts', 'process.exit(1)'],
    good: ['agent/main.ts', 'process.exit(1)'],
  },
  'few classes, no emitters': {
    bad: ['agent/loop.ts', 'class Loop {}'],
    good: ['agent/run.ts', 'class CannotStart extends Error {}'],
  },
  'no fat files': {
    bad: ['agent/loop.ts', 'a\n'.repeat(251)],
    good: ['agent/loop.ts', 'a\n'.repeat(250)],
  },
  'no barrels': { bad: ['agent/domain/index.ts', ''], good: ['agent/domain/door.ts', ''] },
  'no sleeping tests': {
    bad: ['agent/loop.test.ts', 'await sleep(clock, 5)'],
    good: ['agent/loop.test.ts', 'await clock.pass(5)'],
  },
  'no promises for later': { bad: ['agent/loop.ts', '// TODO'], good: ['agent/loop.ts', '// done'] },
}

test('every rule has a file here that breaks it', () => {
  expect(Object.keys(cases).sort()).toEqual(rules.map(({ name }) => name).sort())
})

test.each(rules.map(rule => [rule.name, rule] as const))(
  '%s: the rule bites, and only where it should',
  (name, rule) => {
    const { bad, good } = cases[name] ?? { bad: ['', ''], good: ['', ''] }
    expect(rule.breaches({ path: bad[0], text: bad[1] })).not.toEqual([])
    expect(rule.breaches({ path: good[0], text: good[1] })).toEqual([])
  },
)
