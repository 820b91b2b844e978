import { checkAccess } from './cross-check-access.ts'
import { checkKiosk } from './cross-check-kiosk.ts'
import { checkPower } from './cross-check-power.ts'
import { type Draft, isDraft, items, lockOf, refers, text, unique } from './draft.ts'
import type { Complain, SiteCheck } from './problem.ts'

/** What no single setting can get wrong: names that are used twice or nowhere, two things in one place. */
export const crossCheck: SiteCheck = (draft, complain) => {
  for (const list of ['lines', 'devices', 'compartments', 'lanes'])
    unique(
      draft,
      list,
      ['name'],
      ({ name }) => text(name),
      (name, path) =>
        complain(path, `the name "${name}" is taken by an earlier one`, 'Give each its own name'),
    )
  checkLines(draft, complain)
  refers(draft, 'devices', 'line', 'lines', complain)
  refers(draft, 'compartments', 'device', 'devices', complain)
  unique(draft, 'compartments', ['channel'], lockOf, (lock, path) =>
    complain(path, `${lock} is another compartment's already`, 'Give each compartment its own lock'),
  )
  checkAccess(draft, complain)
  checkKiosk(draft, complain)
  checkPower(draft, complain)
  if (!isDraft(draft)) return
  if (isDraft(draft.cloud)) checkCloud(draft.cloud, complain)
  if (isDraft(draft.policy)) checkPolicy(draft.policy, complain)
}

function checkLines(draft: unknown, complain: Complain): void {
  for (const { index, item } of items(draft, 'lines')) {
    const said = ['serial', 'tcp', 'hid'].filter(kind => item[kind] !== undefined)
    if (said.length === 1) continue
    const says = said.length === 0 ? 'says neither serial nor tcp nor hid' : `says both ${said.join(' and ')}`
    complain(['lines', index], says, 'Give it one of them')
  }
  const remedy = 'Put all devices of one cable on one line'
  unique(
    draft,
    'lines',
    ['serial', 'path'],
    ({ serial }) => (isDraft(serial) ? text(serial.path) : undefined),
    (port, path) => complain(path, `${port} is another line's already`, remedy),
  )
  unique(draft, 'lines', ['tcp'], converterOf, (converter, path) =>
    complain(path, `${converter} is another line's already`, remedy),
  )
}

function checkCloud(cloud: Draft, complain: Complain): void {
  const needs = (setting: string, other: string, remedy: string) => {
    if (cloud[setting] !== undefined && cloud[other] === undefined)
      complain(['cloud', setting], `is of no use without ${other}`, remedy)
  }
  needs('username', 'password_file', 'Name a file that holds the password')
  needs('password_file', 'username', 'Say the name that goes with the password')
  needs('cert_file', 'key_file', 'Name the file with its private key')
  needs('key_file', 'cert_file', 'Name the file with its certificate')
  const broker = text(cloud.broker)
  if (broker === undefined) return
  if (/^(mqtt|ws):/.test(broker))
    for (const setting of ['ca_file', 'cert_file', 'key_file'])
      if (cloud[setting] !== undefined)
        complain(['cloud', setting], `is of no use to ${broker}`, 'Begin the broker with mqtts:// or wss://')
  if (/^\w+:\/\/[^/]*@/.test(broker))
    complain(['cloud', 'broker'], 'holds a name or a password', 'Put them into username and password_file')
}

function checkPolicy(
  { order_seconds: order = 1.5, unlock_seconds: unlock = 3 }: Draft,
  complain: Complain,
): void {
  if (typeof order === 'number' && typeof unlock === 'number' && order > unlock)
    complain(
      ['policy', 'order_seconds'],
      `is ${order}, longer than unlock_seconds (${unlock}): a second unlock would be sent beside the first`,
      'Make it the shorter of the two',
    )
}

const converterOf = ({ tcp }: Draft): string | undefined =>
  isDraft(tcp) && typeof tcp.host === 'string' && typeof tcp.port === 'number'
    ? `${tcp.host.toLowerCase()}:${tcp.port}`
    : undefined
