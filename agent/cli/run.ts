import { CannotStart, runAgent } from '../run.ts'
import { hearStrays } from '../strays.ts'
import type { Command } from './command.ts'
import { type Exit, Stop } from './exit.ts'

const LEVELS = ['debug', 'info', 'warn', 'error', 'silent']

export const run: Command = {
  name: 'run',
  usage: 'SITE',
  about: 'runs the agent for a site file, until SIGTERM or Ctrl-C',
  details: [
    'Logs one JSON line an event on standard output. Start it by systemd or the like, with Restart=always.',
  ],
  options: { log: { type: 'string', default: 'info' } },
  optionHelp: { log: `how much to log: ${LEVELS.join(', ')}` },
  words: [1, 1],
  examples: ['pawl run /etc/pawl/site.yaml', 'pawl run config/sites/minimal.yaml --log warn'],
  async run(call) {
    const level = call.text('log') ?? 'info'
    if (!LEVELS.includes(level)) throw new Stop('usage', `--log takes ${LEVELS.join(', ')}, not "${level}".`)
    const [file = ''] = call.words
    const running = await runAgent(file, level).catch(error => {
      if (error instanceof CannotStart) throw new Stop('usage', error.message)
      throw error
    })
    hearStrays(process, error => {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
      process.exit(70)
    })
    return new Promise<Exit>(resolve => {
      for (const signal of ['SIGTERM', 'SIGINT'] as const)
        process.on(signal, () => void running.stop().then(() => resolve('ok')))
    })
  },
}
