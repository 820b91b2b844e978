import { readToken } from '../../agent/domain/token.ts'
import type { Happening } from '../../agent/happenings.ts'
import { type Defect, hears, knowing } from './planting.ts'
import { operator, stranger } from './signers.ts'

/** Whoever opens doors with a reason knows something else than is so. */
const opening = (other: Parameters<typeof knowing>[1]) => () =>
  hears('maintenance', (happening, known) => [happening, knowing(known, other)])

const doorOf = (happening: Happening): string =>
  happening.type === 'asked' && 'compartment' in happening.ask ? happening.ask.compartment : ''

/** Mistakes with openings from afar: each opens a door for somebody who has the broker and no key. */
export const withGrants: Defect[] = [
  {
    name: 'an opening from afar needs no grant',
    breaks: 'A2 A4',
    planted: () =>
      hears('maintenance', (happening, known) => {
        const { access } = known.site
        const site = access ? { ...known.site, access: { ...access, signed_opens: false } } : known.site
        return [happening, knowing(known, { site })]
      }),
  },
  {
    name: 'a grant is known by the name of its key',
    breaks: 'A2 A4',
    planted: opening({ readToken: bytes => readToken(bytes, [operator, stranger]) }),
  },
  {
    name: 'a grant for one door opens every door',
    breaks: 'A2 A4',
    planted: () =>
      hears('maintenance', (happening, known) => [
        happening,
        knowing(known, {
          readToken(bytes) {
            const read = known.readToken(bytes)
            return read.ok ? { ok: true, token: { ...read.token, subject: doorOf(happening) } } : read
          },
        }),
      ]),
  },
  {
    name: 'a token for customers is a grant',
    breaks: 'A2 A4',
    planted: () =>
      hears('maintenance', (happening, known) => [
        happening,
        knowing(known, {
          readToken(bytes) {
            const read = known.readToken(bytes)
            return read.ok ? { ok: true, token: { ...read.token, action: 'enter' } } : read
          },
        }),
      ]),
  },
  {
    name: 'a grant opens as often as it is sent',
    breaks: 'A2 A4',
    planted: opening({ tokenUsed: () => false }),
  },
]
