import { z } from 'zod'
import { type Driver, REFUSED } from '../device.ts'
import { keepAsking, outlivesPoll, rhythmOf, rhythmOptions, TOO_STALE } from '../keep-asking.ts'
import { MODBUS_MANNERS, modbusOptions, modbusUnit } from '../modbus-unit.ts'
import { reach, reportSignals, signalOption } from '../signals.ts'

const Options = z
  .strictObject({
    ...modbusOptions,
    signals: signalOption.default([]).describe('What its inputs say: tamper, mains, battery, fire.'),
    ...rhythmOptions(250, 2_000),
  })
  .refine(outlivesPoll, TOO_STALE)

type Options = z.output<typeof Options>

/** Contacts on any Modbus board with discrete inputs (function 02), one for each thing a person should know of. */
export const modbusInputs: Driver<Options> = {
  name: 'modbus-inputs',
  about: 'Tamper, mains, battery and other contacts on Modbus discrete inputs (9600 8N1)',
  kind: 'sensor',
  options: Options,
  address: ({ address }) => `address ${address}`,
  channels: () => 0,
  manners: MODBUS_MANNERS,

  open(host, options) {
    const { address, reply_within_ms: within, signals } = options
    const unit = modbusUnit(host.bus, { address, within })
    const watch = keepAsking<boolean[]>(
      host,
      {
        read: () => unit.bits('read-inputs', 0, Math.max(1, reach(signals))),
        heard: (now, before) => reportSignals(host.report, signals, now, before),
      },
      rhythmOf(options),
    )
    return { send: async () => REFUSED, close: watch.close }
  },
}
