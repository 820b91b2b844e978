import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

const MAIN = join(import.meta.dirname, '../../agent/main.ts')

/** Starts a program without the masters of our ptys: while it held them too, no port could ever be unplugged. */
const ALONE = [
  'for fd in /proc/$$/fd/*; do n=$(basename "$fd"); [ "$n" -gt 2 ] && eval "exec $n>&-"; done 2>/dev/null',
  'exec "$@"',
].join('; ')

/** How much of what it says is kept. */
const KEPT = 4_000_000

/** The real agent for a site file, in a process of its own; started, ended and started again. */
export function agentProcess(site: string, level = 'warn') {
  let agent: ChildProcess | undefined
  let said = ''
  let logged = ''

  function start(): void {
    if (agent) return
    said = ''
    const child = spawn('bash', ['-c', ALONE, 'agent', process.execPath, MAIN, site], {
      env: { ...process.env, PAWL_LOG: level },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.stderr?.on('data', (text: Buffer) => {
      said = (said + text.toString()).slice(-4_000)
    })
    child.stdout?.on('data', (text: Buffer) => {
      logged = (logged + text.toString()).slice(-KEPT)
    })
    agent = child
  }

  /** Resolves with its exit code once it is gone; null where a signal ended it. A terminal may send several at once. */
  async function end(...signals: ('SIGKILL' | 'SIGTERM' | 'SIGINT')[]): Promise<number | null> {
    const child = agent
    agent = undefined
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null
    return new Promise(resolve => {
      child.once('exit', code => resolve(code))
      for (const signal of signals) child.kill(signal)
    })
  }

  return {
    start,
    end,
    /** What it last complained of. */
    said: () => said,
    /** The lines of its log, of all its lives. */
    logged: () => logged,
  }
}
