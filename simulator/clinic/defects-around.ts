import type { Known } from '../../agent/domain/known.ts'
import { underneath } from '../rig/defects-underneath.ts'
import { type Defect, effects, hears, knowing, step } from '../rig/planting.ts'

/** What goes wrong on the way to the cloud goes wrong at a kiosk as well. */
const onTheRoad = underneath.filter(({ breaks }) => ['A5 A6', 'A7'].includes(breaks))

/** Mistakes around a session: in the stock, with what is known of a person, towards the cloud. */
export const aroundKiosk: Defect[] = [
  {
    name: 'the delivery door opens from afar',
    breaks: 'A4 A8',
    planted: () =>
      hears('maintenance', (happening, known) => {
        const { kiosk: _kiosk, ...site } = known.site
        return [happening, knowing(known, { site: site as Known['site'] })]
      }),
  },
  {
    name: 'a recall is forgotten when the power goes',
    breaks: 'A11',
    planted: () => ({
      store: store => ({ ...store, recalls: { ...store.recalls, all: () => [] } }),
    }),
  },
  {
    name: 'what is known of a person is not destroyed',
    breaks: 'A12',
    planted: () => effects('prescription', effect => (effect.type === 'shred-box' ? [] : [effect])),
  },
  {
    name: 'messages are kept as they came',
    breaks: 'A12',
    planted() {
      const came: string[] = []
      return {
        uplink: open => settings =>
          open({
            ...settings,
            hear(event) {
              if (event.type === 'message') came.push(Buffer.from(event.payload).toString('utf8'))
              settings.hear(event)
            },
          }),
        store: store => ({
          ...store,
          atomically: work =>
            store.atomically(() => {
              for (const [index, text] of came.entries()) store.holds.save(`message ${index}`, text)
              return work()
            }),
        }),
      }
    },
  },
  {
    name: 'a sensor is told to take another address',
    breaks: 'no device',
    planted: () => ({
      line: open => async listener => {
        const line = await open(listener)
        line.write(Uint8Array.of(0x05, 0x06, 0x01, 0x01, 0x00, 0x07, 0x99, 0xb0))
        return line
      },
    }),
  },
  {
    name: 'a pack that was refused is in stock all the same',
    breaks: 'A8 A9',
    planted: () =>
      effects('restock', effect => {
        if (effect.type !== 'record' || effect.entry.type !== 'pack-refused') return [effect]
        const { lane, gtin, serial, why } = effect.entry
        if (gtin === undefined || serial === undefined || why === 'duplicate') return [effect]
        const pack = { gtin, serial, lane, lot: 'LOT1', expiry: '2027-12-31', position: 99, loaded: 0 }
        return [effect, { type: 'keep-pack', pack }]
      }),
  },
  {
    name: 'an instruction is forgotten as soon as it ended',
    breaks: 'A7',
    planted: () =>
      step('instruction', next =>
        (next.state as { phase?: string } | undefined)?.phase === 'ended'
          ? { ...next, state: undefined }
          : next,
      ),
  },
  {
    name: 'a statement is never answered',
    breaks: 'A7',
    planted: () =>
      effects('prescription', effect =>
        effect.type === 'tell' && effect.happening.type === 'answered' ? [] : [effect],
      ),
  },
  ...onTheRoad,
]
