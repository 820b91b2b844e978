import { z } from 'zod'
import { readBarcode } from '../code-lines.ts'
import { sameCode } from '../code-reader.ts'
import { concat } from '../codec.ts'
import { type Driver, type Host, REFUSED } from '../device.ts'
import { keepAsking, outlivesPoll, rhythmOf, rhythmOptions, TOO_STALE } from '../keep-asking.ts'
import { codeText, onceIn } from '../once.ts'
import { tell } from '../raw-request.ts'
import { AIM, frames, gather, LONGEST, type LongCode, type Packet, type Request } from './frames.ts'

const Options = z
  .strictObject({
    same_code_ms: sameCode,
    set_up: z
      .boolean()
      .default(true)
      .describe(
        'Whether the scanner is told at each start to send packets and to wait for their ACK. It forgets that without power.',
      ),
    ...rhythmOptions(10_000, 35_000),
  })
  .refine(outlivesPoll, TOO_STALE)

type Options = z.output<typeof Options>

/** Packets with ACK (parameter 9F) and packeted codes (EE); FF: without a beep. */
const SET_UP = [
  [0xff, 0x9f, 0x01],
  [0xff, 0xee, 0x01],
]
const PROMPT = 400

/** Zebra and Symbol scanners in Simple Serial Interface mode: each code is a packet with a checksum, and acknowledged. */
export const zebraSsi: Driver<Options> = {
  name: 'zebra-ssi',
  about: 'Zebra or Symbol scanner in SSI mode (9600 8N1; USB CDC at any speed)',
  kind: 'scanner',
  secret: true,
  options: Options,
  address: () => undefined,
  channels: () => 0,
  probe: {
    bauds: [9_600, 115_200],
    candidates: [{}],
    async ask(bus) {
      const answer = await bus.ask(frames, { type: 'ask-revision' }, { wanted: isRevision })
      return answer.ok ? 'a scanner that speaks SSI' : undefined
    },
  },

  open(host, options) {
    const stop = hearPackets(host, options)
    const { bus, clock } = host
    const say = (request: Request, by: number) => tell(bus, frames.encode(request), by)
    const watch = keepAsking(
      host,
      {
        async read({ first }) {
          const answer = await bus.ask(frames, { type: 'ask-revision' }, { wanted: isRevision })
          if (answer.ok && first && options.set_up)
            for (const data of SET_UP) await say({ type: 'parameters', data }, clock.now() + PROMPT)
          return answer
        },
        heard: () => {},
      },
      rhythmOf(options),
    )
    return {
      async send(command) {
        return command.type === 'trigger' ? say({ type: command.on ? 'start' : 'stop' }, command.by) : REFUSED
      },
      close() {
        stop()
        watch.close()
      },
    }
  },
}

const isRevision = (packet: Packet): boolean => packet.type === 'revision'

/** Acknowledges what wants it and reports each code once, however often the scanner repeats it. */
function hearPackets({ bus, clock, report }: Host, options: Options): () => void {
  const isNew = onceIn(clock, options.same_code_ms)
  const add = gather()
  let unread: Uint8Array = new Uint8Array()
  let lastText: string | undefined
  let closed = false

  const answer = (type: 'ack' | 'ack-segment'): void =>
    void tell(bus, frames.encode({ type }), clock.now() + PROMPT)

  function code({ kind, data }: LongCode): void {
    const read = readBarcode(data, { suffix: 'none', prefix: new Uint8Array(), aim: 'auto' })
    if (!read) return
    const found = { bytes: read.bytes, aim: read.aim ?? AIM[kind] }
    if (isNew(codeText(found))) report({ type: 'scan', ...found })
  }

  function heard(packet: Packet): void {
    if (packet.type === 'ack' || packet.type === 'nak' || packet.type === 'revision') return
    answer(packet.type === 'segment' ? 'ack-segment' : 'ack')
    // Its ACK was lost: the same packet again, and nothing new in it.
    const again = packet.repeated && packet.text === lastText
    lastText = packet.text
    if (again) return
    if (packet.type === 'decoded') code(packet)
    const whole = packet.type === 'segment' ? add(packet) : undefined
    if (whole) code(whole)
  }

  bus.listen(bytes => {
    if (closed) return
    unread = concat(unread, bytes)
    for (;;) {
      const { reply, rest } = frames.decode(unread)
      unread = rest.length > LONGEST ? rest.subarray(-LONGEST) : rest
      if (reply === undefined) return
      heard(reply)
    }
  })
  return () => {
    closed = true
  }
}
