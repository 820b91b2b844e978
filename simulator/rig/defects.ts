import { withGrants } from './defects-access.ts'
import { withTokens } from './defects-tokens.ts'
import { underneath } from './defects-underneath.ts'
import { changed, type Defect, effects, hears, knowing, step, visitOf } from './planting.ts'

export const defects: Defect[] = [
  {
    name: 'any code opens',
    breaks: 'A2 A4',
    planted: () =>
      hears('reader', (happening, known) => [
        happening,
        knowing(known, { legFor: booking => (booking.stage === 'expected' ? 'deposit' : 'collect') }),
      ]),
  },
  {
    name: 'a burnt code still opens',
    breaks: 'A2 A4',
    planted: () =>
      effects('reader', effect => {
        if (effect.type !== 'amend-booking' || !effect.terms?.burnt) return [effect]
        return [{ ...effect, terms: { ...effect.terms, burnt: false } }]
      }),
  },
  {
    name: 'a visit brings back what it knew of its booking when it began',
    breaks: 'A2 A4',
    planted: () =>
      effects('deposit', effect => {
        if (effect.type !== 'amend-booking' || typeof effect.compartment !== 'object') return [effect]
        return [{ ...effect, terms: { leg: 'deposit', tries: 0, burnt: false } }]
      }),
  },
  {
    name: 'a lapsed code still opens',
    breaks: 'A2 A4',
    planted: () => hears('reader', (happening, known) => [happening, knowing(known, { wall: 0 })]),
  },
  {
    name: 'a restart finishes what it interrupted',
    breaks: 'A2 A4',
    planted: () =>
      step('collect', (next, before, event) =>
        event.type === 'restarted' && visitOf(before)?.phase === 'unlocking'
          ? { state: before, effects: [] }
          : next,
      ),
  },
  {
    name: 'a deposit is believed when the order was given',
    breaks: 'A8',
    planted: () =>
      step('deposit', next => {
        const visit = visitOf(next.state)
        if (visit?.phase !== 'unlocking') return next
        const { booking } = next.state as { booking: { id: string } }
        return {
          ...next,
          effects: [
            ...next.effects,
            {
              type: 'record',
              entry: { type: 'deposited', booking: booking.id, compartment: visit.compartment },
            },
          ],
        }
      }),
  },
  {
    name: 'a door that nobody ordered is no alarm',
    breaks: 'A3',
    planted: () =>
      effects('door-watch', effect =>
        effect.type === 'record' && effect.entry.type === 'alarm-raised' && effect.entry.alarm === 'forced'
          ? []
          : [effect],
      ),
  },
  {
    name: 'the order is not written down',
    breaks: 'A4',
    planted: () =>
      effects('deposit', effect =>
        effect.type === 'record' && effect.entry.type === 'unlock-ordered' ? [] : [effect],
      ),
  },
  {
    name: 'the door beside it is opened',
    breaks: 'A4 every',
    planted: () =>
      effects('collect', effect =>
        effect.type === 'unlock'
          ? [{ ...effect, compartment: effect.compartment === 'A1' ? 'A2' : 'A1' }]
          : [effect],
      ),
  },
  {
    name: 'a pulse is given twice',
    breaks: 'A4 every',
    planted: () => effects('collect', effect => (effect.type === 'unlock' ? [effect, effect] : [effect])),
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
    name: 'an instruction is obeyed after it expired',
    breaks: 'A2 A4',
    planted: () => hears('instruction', (happening, known) => [happening, knowing(known, { wall: 0 })]),
  },
  {
    name: 'an instruction is never answered',
    breaks: 'A7',
    planted: () =>
      effects('maintenance', effect =>
        effect.type === 'tell' && effect.happening.type === 'answered' ? [] : [effect],
      ),
  },
  {
    name: 'software retries a doubt',
    breaks: 'A9 A10',
    planted: () =>
      step('deposit', (next, before) => {
        const visit = visitOf(next.state)
        if (visit?.phase !== 'in-doubt' || visitOf(before)?.phase === 'in-doubt') return next
        const { order, compartment } = visit
        return {
          ...next,
          effects: [
            ...next.effects,
            {
              type: 'record',
              entry: { type: 'unlock-ordered', order, compartment, attempt: 2, purpose: 'again' },
            },
            { type: 'unlock', order, compartment, by: Infinity },
          ],
        }
      }),
  },
  {
    name: 'a doubt is not shown',
    breaks: 'A9 A10',
    planted: () =>
      effects('door-watch', effect =>
        effect.type === 'record' && effect.entry.type === 'alarm-raised' && effect.entry.alarm === 'in-doubt'
          ? []
          : [effect],
      ),
  },
  {
    name: 'a deposit leaves its compartment free',
    breaks: 'A8 things',
    planted: () =>
      effects('deposit', effect => {
        if (effect.type !== 'amend-booking' || effect.stage !== 'stored') return [effect]
        return [{ ...effect, compartment: { none: true } }]
      }),
  },
  {
    name: 'a visit waits for ever',
    breaks: 'A13',
    planted: () => changed('collect', () => ({ deadline: () => undefined })),
  },
  {
    name: 'a door that was seen to open is doubted',
    breaks: 'A9 no doubt',
    planted: () =>
      step('deposit', (next, before, event) => {
        const visit = visitOf(before)
        if (event.type !== 'opened' || visit?.phase !== 'unlocking') return next
        const { order, compartment } = visit
        return {
          state: { ...(before as object), visit: { phase: 'in-doubt', order, compartment } },
          effects: [{ type: 'record', entry: { type: 'in-doubt', order, compartment } }],
        }
      }),
  },
  ...withGrants,
  ...withTokens,
  ...underneath,
]
