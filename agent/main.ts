import { CannotStart, runAgent } from './run.ts'
import { hearStrays } from './strays.ts'

// The agent as a process of its own: `node agent/main.ts SITE`. SIGTERM and SIGINT end it in order.
const [file] = process.argv.slice(2)

async function main(): Promise<void> {
  if (file === undefined)
    throw new CannotStart('Usage: pawl run SITE, where SITE is a site file such as config/sites/minimal.yaml')
  const running = await runAgent(file, process.env.PAWL_LOG ?? 'info')
  hearStrays(process, die)
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => void running.stop().then(() => process.exit(0)))
}

main().catch((error: unknown) => {
  if (!(error instanceof CannotStart)) die(error)
  process.stderr.write(`${error.message}\n`)
  process.exit(2)
})

function die(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
  process.exit(70)
}
