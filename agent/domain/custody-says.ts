import type { Millis } from '../../drivers/host/clock.ts'
import type { Credential, Custody, CustodyLink, Sighting } from './custody-words.ts'

const time = (at: Millis): string => new Date(at).toISOString()

/** A chain as lines for a person: its head, each link, and every gap. */
export const tellCustody = ({ booking, size, unit, status, links, broken }: Custody): string[] => [
  `${booking} (size ${size}, ${unit}): ${status}, ${broken.length === 0 ? 'the chain is whole' : 'THE CHAIN IS BROKEN'}`,
  ...links.map(link => `  ${time(link.at)}  ${tellLink(link)}`),
  ...broken.map(({ says }) => `  !  ${says}`),
]

/** One link as a sentence without its time. */
export const tellLink = (link: CustodyLink): string =>
  [
    what(link),
    link.proof ? proven(link.proof) : '',
    link.evidence.length > 0 ? link.evidence.map(seen).join(', ') : '',
    link.settled ? settled(link.settled) : '',
    link.doubt ? 'the journal does not prove it' : '',
  ]
    .filter(part => part !== '')
    .join('; ')

function what({ what: kind, compartment: door = '', who, why = '', leg }: CustodyLink): string {
  const by = who ?? 'nobody knows who'
  switch (kind) {
    case 'booked':
      return 'booked'
    case 'recoded':
      return `a new code to ${leg}`
    case 'refused':
      return `refused${leg === undefined ? '' : ` to ${leg}`}: ${why}`
    case 'burnt':
      return `too many wrong tries: the code to ${leg} is burnt`
    case 'ordered':
      return `${door} told to open for ${by}`
    case 'put-in':
      return `put into ${door} by ${by}`
    case 'taken':
      return `taken from ${door} by ${by}`
    case 'opened':
      return `${door} opened by ${by}`
    case 'opened-again':
      return `${door} opened once more by ${by}`
    case 'not-opened':
      return `${door} did not open for ${by}: ${why}`
    case 'in-doubt':
      return `${door} told to open for ${by}, and nobody saw whether it did`
    case 'forced':
      return `${door} opened unasked: nobody knows who`
    case 'wrong-door':
      return `${door} opened when another was told to: nobody knows who`
    case 'found-open':
      return `${door} found open: nobody knows who`
    case 'found-closed':
      return `${door} found closed`
    case 'left-open':
      return `${door} stands open for too long`
    case 'unseen':
      return `nobody could see ${door} (${why})`
    case 'contact':
      return why
    case 'moved':
      return `it did not fit in ${why}: ${door} instead, for ${by}`
    case 'held':
      return `${door} taken out of use by ${by}: ${why}`
    case 'released':
      return `${door} back in use, by ${by}`
    case 'overdue':
      return `its time is over, and it still lies in ${door}`
    case 'ended':
      return `the booking ended: ${why}`
  }
}

const proven = (proof: Credential): string =>
  proof.how === 'asked'
    ? `asked for, with the reason "${proof.reason}"`
    : `by ${proof.how} at ${proof.reader}${proof.token === undefined ? '' : ` (${proof.token})`}`

const seen = ({ saw, at }: Sighting): string => `${saw.replace('-', ' ')} ${time(at)}`

const settled = ({ how, by, at }: NonNullable<CustodyLink['settled']>): string =>
  `settled: ${how.replaceAll('-', ' ')}${by === undefined ? '' : ` by ${by}`}, ${time(at)}`
