import { spawn } from 'node:child_process'
import { expect, test } from 'vitest'

/** A process with two devices on one line of its own: one driver is bad in its own way, the other says every 50 ms that it lives. */
const script = (bad: string): string => `
  import { isolate } from './drivers/isolation.ts'
  import { systemClock } from './drivers/host/clock.ts'
  import { openSharedLine } from './drivers/shared-line.ts'
  import { hearStrays } from './agent/strays.ts'
  const die = error => { console.log('died of ' + error.message); process.exit(70) }
  hearStrays(process, die)
  const open = async listener => ({ write: () => systemClock.after(5, () => listener.read(Uint8Array.of(1))), close() {} })
  const entropy = { bytes: length => new Uint8Array(length), fraction: () => 0.5 }
  const line = openSharedLine({ open, clock: systemClock, entropy, baud: 9600, echo: 'no' })
  const host = name => ({ bus: line.join(name), clock: systemClock,
    report: report => console.log(name + ' ' + report.type + (report.why ? ' ' + report.why : '')) })
  const bad = host => { ${bad}; return { send: async () => ({ ok: true }), close() {} } }
  const good = host => {
    const tick = () => host.clock.after(50, () => { host.report({ type: 'moved', channel: 1 }); tick() })
    tick()
    return { send: async () => ({ ok: true }), close() {} }
  }
  isolate({ host: host('good'), open: good, bug: () => {} })
  isolate({ host: host('bad'), open: bad, bug: why => console.log('bug ' + why) })
  systemClock.after(800, () => process.exit(0))
`

function run(bad: string): Promise<{ code: number | null; lines: string[] }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script(bad)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let out = ''
  child.stdout.on('data', (text: Buffer) => {
    out += text
  })
  return new Promise(resolve => child.on('close', code => resolve({ code, lines: out.trim().split('\n') })))
}

test.each<[string, string]>([
  [
    'rejects where nobody listens',
    `host.report({ type: 'online' }); (async () => { await null; throw new Error('stray') })()`,
  ],
  [
    'rejects after it asked its line',
    `(async () => { await host.bus.ask({ encode: () => Uint8Array.of(1), decode: rest => ({ reply: 1, rest: new Uint8Array(), noise: 0 }) }, 1); throw new Error('stray') })()`,
  ],
  ['throws on a way of its own', `process.nextTick(() => { throw new Error('stray') })`],
])('a driver that %s takes down its own device, and the process lives', async (_how, bad) => {
  const { code, lines } = await run(bad)
  expect(code).toBe(0)
  expect(lines).toContain('bug stray')
  expect(lines).toContain('bad offline driver-failed')
  expect(lines.filter(line => line === 'good moved').length).toBeGreaterThan(10)
})

test('what no driver did ends the process, for its supervisor to start it again', async () => {
  const { code, lines } = await run(`host.report = undefined`)
  expect(code).toBe(0)
  expect(lines).not.toContain('bug stray')
  const own = await run(`}; queueMicrotask(() => { throw new Error('our own') }); const unused = () => {`)
  expect(own.code).toBe(70)
  expect(own.lines).toContain('died of our own')
})
