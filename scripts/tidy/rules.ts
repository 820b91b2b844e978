import { code, importsOf, isTest, type Source } from './source.ts'

/** A rule of the house that the linter cannot say. */
export interface Rule {
  name: string
  /** What to do instead. */
  remedy: string
  /** Whatever in this file is against it. */
  breaches(source: Source): string[]
}

const ORDER = ['config', 'drivers', 'agent', 'simulator', 'scripts']
const top = (path: string): string => path.split('/')[0] ?? ''

/** Which imports of ours a file may not have. */
const imports =
  (refused: (path: string, target: string) => boolean) =>
  (source: Source): string[] =>
    importsOf(source).ours.filter(target => refused(source.path, target))

const under = (path: string, ...folders: string[]): boolean =>
  folders.some(folder => path === folder || path.startsWith(`${folder}/`))

/** What each part of the agent may import of the agent. */
const AGENT: [part: string, ...may: string[]][] = [
  ['agent/domain', 'agent/domain', 'agent/happenings.ts'],
  ['agent/workflows', 'agent/workflows', 'agent/domain', 'agent/happenings.ts', 'agent/sync/instructions.ts'],
  ['agent/sync', 'agent/sync', 'agent/domain', 'agent/workflows/workflow.ts', 'agent/happenings.ts'],
  ['agent/store', 'agent/store', 'agent/domain'],
]

const TIMERS =
  /\b(Date\.now|performance\.now|setTimeout|setInterval|setImmediate|Math\.random|randomBytes|randomUUID|getRandomValues)\b|new Date\(\)/g

/** Where each package lives; nobody else imports it. */
const HOMES: [name: string, ...homes: string[]][] = [
  ['serialport', 'drivers/host/serial-line.ts', 'drivers/host/ports.ts'],
  ['node-hid', 'drivers/host/hid-pipe.ts'],
  ['johnny-five', 'drivers/firmata-board'],
  ['firmata-io', 'drivers/firmata-board'],
  ['mqtt', 'agent/sync/mqtt-uplink.ts'],
  ['better-sqlite3', 'agent/store'],
  ['pino', 'agent/log.ts'],
  ['yaml', 'config/load.ts', 'simulator/town/station.ts'],
  ['cborg', 'agent/domain/cose-sign1.ts', 'simulator/cloud/mint.ts'],
  ['aedes', 'simulator/cloud/broker.ts', 'agent/sync/test-brokers.ts'],
  ['@lydell/node-pty', 'simulator/world/pty.ts'],
]

const BOARD = /^drivers\/([^/]+)\/[^/]+$/

export const rules: Rule[] = [
  {
    name: 'one direction',
    remedy: `a folder imports only from those left of it (${ORDER.join(' ← ')}): move what both need to the left`,
    breaches: imports((path, target) => ORDER.indexOf(top(target)) > ORDER.indexOf(top(path))),
  },
  {
    name: 'inside the agent',
    remedy:
      'domain ← workflows, sync ← store ← loop ← main, cli: pass it in, or move the words to agent/domain',
    breaches: source => {
      const part = AGENT.find(([name]) => under(source.path, name))
      if (!part || isTest(source.path) || source.path === 'agent/workflows/story.ts') return []
      const [, ...may] = part
      return importsOf(source).ours.filter(target => top(target) === 'agent' && !under(target, ...may))
    },
  },
  {
    name: 'nothing asks the console',
    remedy: 'agent/cli talks to the agent over its socket; nobody imports the other way',
    breaches: imports((path, target) => under(target, 'agent/cli') && !under(path, 'agent/cli')),
  },
  {
    name: 'workflows are strangers',
    remedy: 'let the other one hear of it: tell() a happening, or share a value in agent/domain',
    breaches: imports(
      (path, target) =>
        under(path, 'agent/workflows') &&
        !/(all|story)\.ts$/.test(path) &&
        !isTest(path) &&
        under(target, 'agent/workflows') &&
        !target.endsWith('/workflow.ts'),
    ),
  },
  {
    name: 'drivers are strangers',
    remedy: 'put what two boards share beside bus.ts, named for what it does',
    breaches: imports((path, target) => {
      const [, own] = BOARD.exec(path) ?? []
      const [, other] = BOARD.exec(target) ?? []
      return own !== undefined && other !== undefined && other !== 'host' && own !== other
    }),
  },
  {
    name: 'two hands',
    remedy:
      'a simulated device is written from the protocol: it imports nothing of drivers/, and nobody here a codec',
    breaches: imports(
      (path, target) =>
        (under(path, 'simulator/devices') && top(target) === 'drivers') ||
        (top(path) === 'simulator' && !isTest(path) && /^drivers\/[^/]+\/frames\.ts$/.test(target)),
    ),
  },
  {
    name: 'one home a package',
    remedy: 'use what its home exports, so that there is one place to change when the package does',
    breaches: source =>
      isTest(source.path) || top(source.path) === 'scripts'
        ? []
        : importsOf(source).packages.filter(name => {
            const [, ...homes] = HOMES.find(([each]) => each === name) ?? []
            return homes.length > 0 && !under(source.path, ...homes)
          }),
  },
  {
    name: 'clock and chance',
    remedy:
      'take a Clock or an Entropy: only drivers/host/ touches the machine, so that the rig can stand in for it',
    breaches({ path, text }) {
      const real = ['drivers/host', 'scripts', 'simulator/rig/main.ts', 'simulator/rig/defects-underneath.ts']
      // The virtual clock gives the real event loop its turn.
      if (under(path, ...real, 'simulator/world/clock.ts')) return []
      return code(text).match(TIMERS) ?? []
    },
  },
  {
    name: 'the process belongs to main',
    remedy: 'pass arguments, environment and exit codes through a main.ts',
    breaches({ path, text }) {
      if (
        /(^|\/)main\.ts$/.test(path) ||
        under(path, 'agent/cli', 'scripts', 'simulator/town', 'drivers/frame-promises.ts') ||
        isTest(path)
      )
        return []
      return code(text).match(/\bprocess\.(?!nextTick)\w+/g) ?? []
    },
  },
  {
    name: 'few classes, no emitters',
    remedy: 'a thing with state is a function that returns an object of functions; only errors are classes',
    breaches: ({ path, text }) =>
      // What a package is made of is its own affair.
      under(path, 'scripts/tidy') || path.endsWith('.d.ts')
        ? []
        : (code(text).match(/\bclass \w+(?! extends Error\b)\b.*|\bEventEmitter\b/g) ?? []),
  },
  {
    name: 'no fat files',
    remedy: 'past 250 lines, look for the second thing in it that wants its own name',
    breaches: ({ path, text }) => {
      const lines = text.split('\n').length - 1
      return lines > 250 && !isTest(path) ? [`${lines} lines`] : []
    },
  },
  {
    name: 'no barrels',
    remedy: 'name the file after what it does, and import it from where it is',
    breaches: ({ path }) => (/(^|\/)(index|utils|types|manager|service)\.ts$/.test(path) ? ['its name'] : []),
  },
  {
    name: 'no sleeping tests',
    remedy: 'wait for what must happen, or move the hand clock',
    breaches: ({ path, text }) =>
      isTest(path) && !under(path, 'scripts/tidy')
        ? (code(text).match(/\bsetTimeout\b|\bsleep\(/g) ?? [])
        : [],
  },
  {
    name: 'no promises for later',
    remedy: 'do it now, or say in the issue that it is not done',
    breaches: ({ path, text }) =>
      under(path, 'scripts/tidy')
        ? []
        : (text.match(/\b(TODO|FIXME|XXX|HACK)\b|@ts-(ignore|expect-error)/g) ?? []),
  },
]
