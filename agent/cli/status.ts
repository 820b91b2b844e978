import type { Status } from '../views.ts'
import type { Command } from './command.ts'
import { span, table } from './table.ts'

export const status: Command = {
  name: 'status',
  usage: '',
  about: 'how the unit is: devices, cloud, journal, alarms',
  details: ['Exit code 1 when a device is offline or an alarm stands.'],
  words: [0, 0],
  examples: ['pawl status', 'pawl status --json | jq .cloud'],
  async run(call) {
    const { status: said } = await call.agent().ask({ ask: 'status' })
    if (!said) return 'refused'
    call.tell(said)
    for (const line of report(said)) call.say(line)
    return said.alarms.length === 0 && said.devices.every(({ online }) => online) ? 'ok' : 'no'
  },
}

const ACCEPTANCE = {
  void: 'its settings were changed since it was brought up',
  forged: 'its acceptance record does not bear the seal of this unit',
}

/** Whether a kiosk serves, and how old its rights are. */
function kiosk({ kiosk: at }: Status): string[] {
  if (!at) return []
  const { held, out_of_service: why, owed, packs, recalls, rights_age_seconds: age } = at
  const state =
    held !== undefined ? `HELD with ${held}` : why === undefined ? 'in service' : `OUT OF SERVICE: ${why}`
  const rights = age === undefined ? 'the cloud was never heard' : `rights ${span(age)} old`
  const limit = at.max_offline_hours === undefined ? '' : `, at most ${span(at.max_offline_hours * 3_600)}`
  return [`kiosk    ${state}; ${owed} owed, ${packs} packs, ${recalls} recalls; ${rights}${limit}`]
}

const BARRED = {
  'time-unknown': 'NOBODY CAN OPEN: the clock is behind the journal; set it',
  'offline-too-long': 'NOBODY CAN OPEN: the cloud was silent for too long',
}

const POWER = {
  normal: 'mains',
  'on-battery': 'ON BATTERY: everything still works',
  low: 'BATTERY LOW: things are only taken out',
  hibernating: 'BATTERY NEARLY EMPTY: only `pawl open` opens a door',
}

/** How old the rights are by which doors open. */
function rights({ rights: at }: Status): string[] {
  if (!at) return []
  const { barred, age_seconds: age, max_offline_hours: most, revocation_list: list } = at
  const old =
    age === undefined ? 'the cloud was never heard' : `${span(age)} old, at most ${span(most * 3_600)}`
  return [
    `rights   ${barred === undefined ? '' : `${BARRED[barred]}; `}${old}; ${list === undefined ? 'nothing revoked' : `revocation list ${list}`}`,
  ]
}

function report(said: Status): string[] {
  const { cloud, journal, doors } = said
  const link =
    'for_seconds' in cloud
      ? `${cloud.up ? 'connected' : `offline (${cloud.why})`} for ${span(cloud.for_seconds)}`
      : 'none: this unit works alone'
  return [
    `${said.unit}, Pawl ${said.version}, up ${span(said.up_seconds)}`,
    `cloud    ${link}`,
    `journal  ${journal.head} rows, ${journal.waiting} not confirmed yet`,
    ...kiosk(said),
    ...rights(said),
    ...(said.power === undefined ? [] : [`power    ${POWER[said.power]}`]),
    `doors    ${doors.closed} closed, ${doors.open} open, ${doors.unknown} unknown`,
    '',
    ...table(
      ['device', 'driver', 'line', 'state', 'answered', 'retried', 'failed', 'noise'],
      said.devices.map(({ name, driver, line, online, why, stats }) => [
        name,
        driver,
        line,
        online ? 'online' : `offline${why === undefined ? '' : `: ${why}`}`,
        ...(stats && stats.asked > 0
          ? [
              `${stats.answered}/${stats.asked}`,
              String(stats.retried),
              String(stats.failed),
              String(stats.noise),
            ]
          : []),
      ]),
    ),
    '',
    ...(said.alarms.length === 0
      ? ['No alarms.']
      : said.alarms.map(each => `ALARM ${each.compartment}: ${each.alarm}`)),
    ...said.slow_locks.map(door => `${door} opens slowly: look at its latch.`),
    ...said.devices
      .filter(({ acceptance }) => acceptance === 'void' || acceptance === 'forged')
      .map(({ name, acceptance }) => `${name}: ${ACCEPTANCE[acceptance as 'void']}: pawl bring-up ${name}`),
    ...said.locked_out.map(
      reader => `${reader === '*' ? 'Every reader' : reader} takes no codes after too many wrong ones.`,
    ),
  ]
}
