import { z } from 'zod'
import { PolicyPack } from '../config/policy-pack.ts'
import { DeviceConfig, LineConfig, SiteConfig } from '../config/site.ts'
import { catalog } from '../drivers/catalog.ts'
import { type Generated, keepCurrent } from './generated.ts'

/** A line is one of three things, and editors should offer only what goes with it. */
const line = z.union([
  LineConfig.omit({ tcp: true, hid: true }).required({ serial: true }).meta({ title: 'A serial port' }),
  LineConfig.omit({ serial: true, hid: true })
    .required({ tcp: true })
    .meta({ title: 'An Ethernet–RS-485 converter' }),
  LineConfig.omit({ serial: true, tcp: true })
    .required({ hid: true })
    .meta({ title: 'A USB device such as a scanner in HID-POS mode' }),
])

/** What goes under `options` depends on the driver. */
const device = z.union(
  catalog.map(({ name, about, options }) =>
    DeviceConfig.extend({
      driver: z.literal(name).describe(about),
      options: options.prefault({}).describe(`What ${name} needs to know.`),
    }).meta({ title: about }),
  ),
)

const site = SiteConfig.extend({
  lines: z
    .array(line)
    .min(1)
    .describe(SiteConfig.shape.lines.description ?? ''),
  devices: z
    .array(device)
    .min(1)
    .describe(SiteConfig.shape.devices.description ?? ''),
})

/** The JSON Schema that editors complete and check a site file by. `pawl check` knows more: names, addresses, channels. */
export const siteSchema: Generated = {
  file: 'config/site.schema.json',
  script: 'schema',
  // Editors for YAML know draft 7 best.
  value: { title: 'A site of Pawl', ...z.toJSONSchema(site, { io: 'input', target: 'draft-7' }) },
}

/** The same for a policy pack. `pawl policy` knows more: hours that overlap, signatures. */
export const policySchema: Generated = {
  file: 'config/policy-pack.schema.json',
  script: 'schema',
  value: {
    title: 'A policy pack of Pawl',
    ...z.toJSONSchema(PolicyPack, { io: 'input', target: 'draft-7' }),
  },
}

if (import.meta.main)
  process.exitCode = Math.max(
    ...[siteSchema, policySchema].map(each =>
      keepCurrent(each, process.argv.slice(2), line => process.stdout.write(`${line}\n`)),
    ),
  )
