import type { PolicyPack } from '../../config/policy-pack.ts'
import type { Millis } from '../../drivers/host/clock.ts'
import type { Clinic } from '../clinic/clinic.ts'
import type { openUp } from '../clinic/run.ts'
import { LANES, PRODUCTS, plainRules } from '../clinic/site.ts'

type People = ReturnType<typeof openUp>['people']

/** What people do at a kiosk in which nothing goes wrong, moment by moment; the power is cut at every step of it. */
export interface Script {
  name: string
  rules: PolicyPack
  /** Whether the lanes are filled before it begins; else filling them is what it is about. */
  filled: boolean
  moments: [at: Millis, act: (people: People, clinic: Clinic) => void][]
  lasts: Millis
}

const [AMOX, LISI] = PRODUCTS
const HOUR: Millis = 3_600_000

/** The prescription that was sent last. */
function last({ witness }: Clinic) {
  const script = witness.scripts.at(-1)
  if (!script) throw new Error('nobody prescribed anything yet')
  return script
}

/** Sent, released, and fetched by its patient from the third second on. */
const fetched = (packs: number, manner: Parameters<People['serve']>[1] = {}): Script['moments'] => [
  [0, people => void people.prescribe({ gtin: AMOX.gtin, packs, life: HOUR })],
  [1_000, (people, clinic) => people.release(last(clinic))],
  [3_000, (people, clinic) => people.serve(last(clinic), manner)],
]

const says = (at: Millis, what: string): Script['moments'][number] => [
  at,
  (people, clinic) => people.state(last(clinic).id, what),
]

const plain = { rules: plainRules(), filled: true, lasts: 40_000 }

export const scripts: Script[] = [
  { ...plain, name: 'one-pack', moments: fetched(1) },
  { ...plain, name: 'two-packs', moments: fetched(2), lasts: 50_000 },
  {
    ...plain,
    name: 'consultation',
    rules: plainRules({
      counselling: { when: 'each', before_loading: false, may_decline: true, wait_seconds: 60 },
    }),
    moments: [...fetched(1), says(10_000, 'consult-joined'), says(13_000, 'consult-completed')],
    lasts: 60_000,
  },
  {
    ...plain,
    name: 'filling',
    filled: false,
    moments: [[0, people => void people.staff.round()]],
    lasts: 60_000,
  },
  {
    ...plain,
    name: 'recall',
    moments: [
      [0, people => void people.prescribe({ gtin: LISI.gtin, packs: 1, life: 60_000 })],
      [1_000, people => people.recall()],
      [2_000, (people, clinic) => people.release(last(clinic))],
      [4_000, people => people.withdraw()],
      [6_000, people => void people.prescribe({ gtin: AMOX.gtin, packs: 2, life: 20_000 })],
    ],
  },
  {
    ...plain,
    name: 'wrong-pack',
    moments: [
      [
        0,
        (_people, { hardware: { machine } }) => {
          for (const { name } of LANES) machine.lane(name).works = 'double-drop'
        },
      ],
      ...fetched(1),
      [30_000, people => void people.staff.look()],
    ],
    lasts: 90_000,
  },
  {
    ...plain,
    name: 'left-behind',
    moments: [...fetched(1, { takes: 'nothing' }), [40_000, look]],
    lasts: 90_000,
  },
]

function look(people: People): void {
  void people.staff.look()
}
