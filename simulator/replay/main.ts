import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readCapture } from '../../drivers/capture.ts'
import { systemClock } from '../../drivers/host/clock.ts'
import { readArguments } from '../arguments.ts'
import { type Passed, replay } from '../devices/replay.ts'
import { openPty } from '../world/pty.ts'

const HELP = `npm run replay -- FILE: plays what "pawl capture" wrote as a device on a port of this machine, until Ctrl-C.

  --baud N   the speed of the line; 9600 without

Write the path that it prints into a site file, as the path of the line.
`

const read = readArguments({
  options: { baud: { type: 'string', default: '9600' }, help: { type: 'boolean', default: false } },
  allowPositionals: true,
})

function stop(says: string): never {
  process.stderr.write(`${says}\n`)
  process.exit(2)
}

if ('mistake' in read) stop(read.mistake.trimEnd())
const { values, words } = read
const [file] = words
if (values.help || file === undefined) {
  process.stdout.write(HELP)
  process.exit(values.help ? 0 : 2)
}
const baud = Number(values.baud)
if (!Number.isInteger(baud) || baud < 300) stop(`--baud takes a speed such as 9600, not "${values.baud}".`)

let text: string
try {
  text = readFileSync(file, 'utf8')
} catch {
  stop(`${file} cannot be read: name a file that "pawl capture" wrote.`)
}
const capture = readCapture(text)
if (!capture.ok) stop(`${file}:${capture.line}: ${capture.says}.`)
const passed = capture.all.filter((each): each is Passed => 'bytes' in each)
if (passed.length === 0)
  stop(`${file} holds no bytes: of a line with a scanner or printer only lengths are kept.`)

const link = join(tmpdir(), `pawl-replay-${process.pid}`)
const port = openPty({ clock: systemClock, baud, plugs: [replay(passed)], link })
process.stdout.write(`${passed.length} pieces of ${file} on ${port.path}\n`)
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    port.unplug()
    process.exit(0)
  })
