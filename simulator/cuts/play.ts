import type { Session } from '../../agent/domain/session.ts'
import type { Store } from '../../agent/store/open.ts'
import type { OpenUplink } from '../../agent/sync/uplink.ts'
import type { OpenLine } from '../../drivers/host/line.ts'
import { type Clinic, openClinic } from '../clinic/clinic.ts'
import { openUp, reckon, settle } from '../clinic/run.ts'
import type { Planted } from '../rig/life.ts'
import type { Power } from '../rig/power.ts'
import type { Script } from './scripts.ts'

/** Something after which the world is another: a commit, bytes to a device, a message to the cloud. */
export interface Step {
  kind: 'commit' | 'bytes' | 'message'
  /** The line, for bytes. */
  where: string
  /** How far the patient had come. */
  phase: string
}

export const WHENS = ['before', 'torn', 'after'] as const
export type When = (typeof WHENS)[number]

/** The power goes at the step of that number, counted from 0. */
export interface Cut {
  step: number
  when: When
}

/**
 * Which cuts a step has. A commit has no middle: SQLite makes one of it, and what was torn in its log never was. A
 * message that is torn is none for a broker.
 */
export const cutsOf = ({ kind }: Step): When[] => (kind === 'bytes' ? [...WHENS] : ['before', 'after'])

/** What is said over and over is a poll: cut the first time and the second, and not for ever. */
const POLLS = 2

/**
 * Plays a script, with the power cut once or never, until everything has come to rest; says which steps there were and
 * which promises were broken.
 */
export async function play({ rules, filled, moments, lasts }: Script, cut?: Cut, defect: Planted = {}) {
  const clinic = openClinic(1, rules, true)
  const { clock } = clinic
  const probe = openProbe(clinic, cut)
  const { power, people } = openUp(clinic, probe.planted(defect))
  probe.watch(power)
  await clock.pass(3_000)
  if (filled) void people.staff.round()
  await clock.passUntil(people.idle, 200_000)
  await clock.pass(5_000)
  probe.arm()
  for (const [at, act] of moments) clock.after(at, () => act(people, clinic))
  await clock.pass(lasts)
  probe.disarm()
  await settle(clinic, power, people)
  const { violations, rows, actuations } = reckon(1, clinic, power)
  const held = rows.filter(({ entry }) => entry.type === 'dispense-held').length
  return { steps: probe.steps, violations, actuations, held, cut: probe.done() }
}

/** Counts the steps of a life, and cuts its power at one of them. */
function openProbe({ clock, struck }: Clinic, cut: Cut | undefined) {
  const steps: Step[] = []
  const polls = new Map<string, number>()
  let power: Power | undefined
  let armed = false
  let done = false
  /** Lines of a life that is over carry nothing any more. */
  let life = 0

  function step(kind: Step['kind'], where: string): When | undefined {
    if (!armed) return undefined
    const session = power?.life().unit.processes.get('dispense', 'tray') as Session | undefined
    steps.push({ kind, where, phase: session?.phase ?? 'idle' })
    if (cut?.step !== steps.length - 1) return undefined
    armed = false
    done = true
    struck('power-cut')
    return cut.when
  }

  /** The power is gone from here on: not one commit more, and not one byte. */
  function goDark(): void {
    const dying = power?.life()
    life++
    dying?.doom('before')
    clock.after(0, () => void (power?.on() && power.life() === dying && power.cut()))
  }

  const storeOf = (store: Store): Store => ({
    ...store,
    atomically(work) {
      const when = step('commit', 'store')
      if (when) power?.life().doom(when === 'after' ? 'after' : 'before')
      return store.atomically(work)
    },
  })

  const lineOf = (open: OpenLine, name: string): OpenLine => {
    return async hearer => {
      const line = await open(hearer)
      const mine = life
      return {
        ...line,
        write(bytes) {
          if (mine !== life) return
          const said = `${name} ${Buffer.from(bytes).toString('hex')}`
          const times = (polls.get(said) ?? 0) + 1
          polls.set(said, times)
          const when = times > POLLS ? undefined : step('bytes', name)
          if (when !== 'before')
            line.write(when === 'torn' ? bytes.subarray(0, Math.ceil(bytes.length / 2)) : bytes)
          if (when) goDark()
        },
      }
    }
  }

  const uplinkOf =
    (open: OpenUplink): OpenUplink =>
    settings => {
      const link = open(settings)
      const mine = life
      return {
        ...link,
        publish(topic, payload) {
          if (mine !== life) return false
          const when = step('message', topic)
          const sent = when === 'before' ? false : link.publish(topic, payload)
          if (when) goDark()
          return sent
        },
      }
    }

  return {
    steps,
    planted: (defect: Planted): Planted => ({
      ...defect,
      store: store => storeOf(defect.store?.(store) ?? store),
      line: (open, name) => lineOf(defect.line?.(open, name) ?? open, name),
      uplink: open => uplinkOf(defect.uplink?.(open) ?? open),
    }),
    watch(of: Power) {
      power = of
    },
    arm() {
      armed = true
    },
    disarm() {
      armed = false
    },
    done: () => done,
  }
}
