import { cpus } from 'node:os'

/** One part of `npm test`: commands that run side by side, all of which must end with 0. */
export interface Stage {
  name: string
  about: string
  commands: string[][]
}

/** Distinct lives of a locker bank, and of a kiosk, on every change. */
const SEEDS = 2_000
const KIOSK_SEEDS = 150

const node = process.execPath

/** Seeds in as many processes as there are cores, for the rig itself runs in one. */
function rig(seeds: number, ...more: string[]): string[][] {
  const share = Math.max(1, Math.min(4, cpus().length))
  const each = Math.ceil(seeds / share)
  return Array.from({ length: share }, (_, index) => [
    node,
    'simulator/rig/main.ts',
    '--seeds',
    String(each),
    '--from',
    String(index * each + 1),
    '--brief',
    ...more,
  ])
}

export const stages: Stage[] = [
  { name: 'setup', about: 'Debian packages for real parts', commands: [['sh', 'scripts/setup.sh']] },
  { name: 'format', about: 'one way to write it', commands: [['biome', 'format', '.']] },
  { name: 'lint', about: 'what the linter knows', commands: [['biome', 'lint', '--error-on-warnings', '.']] },
  { name: 'rules', about: 'direction, homes, clock, size', commands: [[node, 'scripts/tidy/main.ts']] },
  { name: 'types', about: 'the compiler', commands: [['tsc', '--noEmit']] },
  {
    name: 'generated',
    about: 'JSON Schema and AsyncAPI are current',
    commands: [
      [node, 'scripts/schema.ts', '--check'],
      [node, 'scripts/asyncapi.ts', '--check'],
    ],
  },
  {
    name: 'unit',
    about: 'units, stories, planted defects',
    commands: [['vitest', 'run', '--project', 'fast']],
  },
  { name: 'rig', about: `${SEEDS} lives on a virtual clock`, commands: rig(SEEDS) },
  { name: 'kiosk', about: `${KIOSK_SEEDS} lives of a kiosk`, commands: rig(KIOSK_SEEDS, '--kiosk') },
  { name: 'real', about: 'processes, ptys and brokers', commands: [['vitest', 'run', '--project', 'real']] },
  {
    name: 'demo',
    about: 'npm start -- --once',
    commands: [[node, 'simulator/main.ts', '--once', '--json']],
  },
]
