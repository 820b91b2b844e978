import { LANES } from '../clinic/site.ts'
import type { Works } from '../world/vending.ts'
import type { ClinicTown } from './clinic.ts'
import { laneNamed } from './clinic-staff.ts'
import { anywhere, type Fault, pulls } from './faults.ts'

type ClinicFault = Fault<ClinicTown>

const LANE = LANES.map(({ name }) => name).join('|')

/** A lane that does something else from now on. */
const lane = (name: string, works: Works, says: string, told: string): ClinicFault => ({
  name,
  usage: `${name} ${LANE}`,
  says,
  async strike({ machine }, [which = '']) {
    machine.lane(laneNamed(which).name).works = works
    return `${which} ${told}.`
  },
})

const simple = (name: string, says: string, strike: (town: ClinicTown) => string): ClinicFault => ({
  name,
  usage: name,
  says,
  strike: async town => strike(town),
})

/** What can go wrong at a kiosk. */
export const clinicFaults: ClinicFault[] = [
  lane('jam', 'jams', 'its coil turns and moves nothing', 'jams'),
  lane('double-drop', 'double-drop', 'it gives out two packs in one turn', 'drops two packs at a time'),
  lane('no-drop', 'no-drop', 'it turns and nothing falls', 'turns, and nothing falls'),
  lane('hang', 'hangs', 'its pack hangs, and falls some seconds later', 'lets its packs hang'),
  lane('works', 'drops', 'it works again', 'works again'),
  {
    name: 'smudge',
    usage: `smudge ${LANE}`,
    says: 'nobody can read the code of its front pack any more',
    async strike({ machine }, [which = '']) {
      const [front] = machine.lane(laneNamed(which).name).packs
      if (!front) return `Nothing lies in ${which}.`
      front.unreadable = true
      return `The code of ${front.id} is smudged.`
    },
  },
  simple('paper-out', 'the printer has no labels left', ({ printer }) => {
    printer.paperOut = true
    return 'The labels ran out.'
  }),
  simple('paper', 'a new roll of labels', ({ printer }) => {
    printer.paperOut = false
    return 'There are labels again.'
  }),
  simple('hot', 'it is 33 °C where the packs lie', ({ air }) => {
    air.celsius = 33
    return 'It is 33 °C: what lies there is quarantined, also when it is cool again.'
  }),
  simple('cool', 'it is 21.5 °C again', ({ air, socket }) => {
    air.celsius = 21.5
    return `It is 21.5 °C. A pharmacist decides: npx pawl lift climate-room --reason "judged" --socket ${socket}`
  }),
  simple('jam-door', 'the delivery door does not open', ({ door }) => {
    door.alter({ jammed: true })
    return 'The delivery door is jammed.'
  }),
  simple('unjam-door', 'it opens again', ({ door }) => {
    door.alter({ jammed: false })
    return 'The delivery door works again.'
  }),
  ...pulls('unplug', 'plug', 'LINE'),
  ...anywhere,
]
