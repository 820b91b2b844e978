import { signPack } from '../../config/policy-pack.ts'
import { systemClock } from '../../drivers/host/clock.ts'
import { systemEntropy } from '../../drivers/host/entropy.ts'
import { clinicHardware, LINES, type LineName } from '../clinic/hardware.ts'
import { clinicDraft, plainRules } from '../clinic/site.ts'
import { newSigner, type Signer } from '../cloud/mint.ts'
import type { Visited } from '../world/patient.ts'
import { type LinePlan, openStation } from './station.ts'

export interface ClinicSettings {
  /** false: no pharmacist has signed the policy pack off. */
  signed?: boolean
  log?: string
}

const PHARMACIST = { id: 'pharmacist', licence: 'TX 12345', on: '2026-01-05' }

/** The prescription kiosk on real ptys, with the policy pack beside its site file, and whoever signs for it. */
export async function openClinicTown({ signed = true, log }: ClinicSettings = {}) {
  const hardware = clinicHardware(systemClock)
  const operatorKey = newSigner('operator', systemEntropy.bytes(32))
  const pharmacist = newSigner(PHARMACIST.id, systemEntropy.bytes(32))
  const keys = { tokens: [publicOf(operatorKey)], pharmacists: [publicOf(pharmacist)] }
  // The ports of the lines and the broker are found where the station is opened.
  const { lines, devices, cloud: _, unit, policy, ...site } = clinicDraft(keys, () => '')
  const plans = Object.fromEntries(
    LINES.map((name): [LineName, LinePlan] => [
      name,
      {
        baud: lines.find(line => line.name === name)?.serial.baud ?? 9_600,
        devices: devices
          .filter(({ line }) => line === name)
          .flatMap(({ name: device, driver, options = {} }, place) => {
            const plug = hardware.plugs[name][place]
            return plug ? [{ name: device, driver, options, plug: () => plug }] : []
          }),
      },
    ]),
  ) as Record<LineName, LinePlan>
  const rules = plainRules()
  const pack = signed ? signPack(rules, PHARMACIST, pharmacist.privatePem) : rules
  const station = await openStation(plans, {
    unit,
    policy,
    site,
    steel: hardware.steel,
    beside: { 'policy.yaml': pack },
    ...(log === undefined ? {} : { log }),
  })
  let numbered = 0

  return {
    ...station,
    ...hardware,
    /** The names of everything that is plugged in. */
    devices: devices.map(({ name }) => name),
    operatorKey,
    pharmacist,
    /** A number that nobody had before. */
    next: () => ++numbered,
    /** What patients went away with, each with the prescription they came for. */
    visits: [] as ({ prescription: string } & Visited)[],
  }
}

export type ClinicTown = Awaited<ReturnType<typeof openClinicTown>>

const publicOf = ({ id, key }: Signer) => ({ id, key })
