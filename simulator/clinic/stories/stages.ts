import { payingSite } from './kiosk-site.ts'
import { DIGITS, type Kiosk, kiosk, type Setting } from './kiosk-story.ts'

/** How far a patient has come; more of them than phases, because what follows differs. */
export const STAGES = [
  'verifying',
  'consulting',
  'paying',
  'printing',
  'vending',
  'checking',
  'read',
  'unlocking',
  'open',
  'closing',
] as const
export type Stage = (typeof STAGES)[number]

/** What leads from the stage before to each. */
const LEADS: Record<Stage, (s: Kiosk, prescription: string) => Promise<void>> = {
  verifying: (s, prescription) => s.show(prescription),
  consulting: s => s.type(`${DIGITS}#`),
  async paying(s, prescription) {
    if (s.phase() !== 'consulting') return
    await s.state(prescription, 'consult-joined')
    await s.state(prescription, 'consult-completed')
  },
  async printing(s) {
    if (s.phase() === 'paying') await s.pays('approved')
  },
  vending: s => s.printed(),
  async checking(s) {
    await s.turn(laneNow(s), 'dropped')
    await s.tray(true)
  },
  async read(s) {
    const session = s.session()
    if (session?.phase === 'checking')
      await s.readPack(session.pack.serial, session.pack.gtin, session.pack.lot)
  },
  unlocking: s => s.pass(1.6),
  open: s => s.door(true),
  closing: s => s.door(false),
}

const laneNow = (s: Kiosk): string => s.turned().at(-1) ?? ''

/** Plays a released prescription up to that stage; what the policy does not ask for is passed over. */
export async function upTo(s: Kiosk, stage: Stage, prescription = 'RX1'): Promise<Kiosk> {
  for (const each of STAGES.slice(0, STAGES.indexOf(stage) + 1)) await LEADS[each](s, prescription)
  return s
}

/** A kiosk in which RX1, a pack of amoxicillin, has come so far; told from there on. */
export async function at(stage: Stage, setting: Setting = {}): Promise<Kiosk> {
  const s = await kiosk(setting)
  await s.ready('RX1')
  await upTo(s, stage)
  return fresh(s)
}

/** A kiosk that asks for everything it can ask for. */
export const strict = (): Promise<Kiosk> =>
  kiosk({
    site: payingSite,
    rules: { counselling: { when: 'each', before_loading: false, may_decline: true, wait_seconds: 60 } },
  })

/** As `at`, with a consultation and a charge of 1250. */
export async function strictAt(stage: Stage): Promise<Kiosk> {
  const s = await strict()
  await s.ready('RX1', { due: 1_250 })
  await upTo(s, stage)
  return fresh(s)
}

/** Forgets what was told and done so far. */
export function fresh(s: Kiosk): Kiosk {
  s.told()
  s.acts.length = 0
  return s
}
