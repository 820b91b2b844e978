import type { Millis } from '../../drivers/host/clock.ts'
import type { Custody, CustodyGap, CustodyLink } from './custody-words.ts'

const time = (at: Millis | undefined): string => (at === undefined ? '' : new Date(at).toISOString())

/** Where a chain has a gap: what happened to the things there that it cannot answer for, a sentence each. */
export function gapsIn({
  links,
  status,
  booking,
}: Pick<Custody, 'links' | 'status' | 'booking'>): CustodyGap[] {
  const found = links.flatMap(link => {
    const says = gapAt(link)
    return says === undefined ? [] : [{ seq: link.seq, at: link.at, says }]
  })
  const last = links.at(-1)
  const says = last && endGap(links, status, booking)
  return last && says !== undefined ? [...found, { seq: last.seq, at: last.at, says }] : found
}

function gapAt(link: CustodyLink): string | undefined {
  const { what, compartment: door, at, lying, doubt, who = 'nobody knows who' } = link
  // What happens to a door behind which nothing lies is no matter of custody.
  if (!lying && what !== 'taken' && what !== 'moved') return undefined
  switch (what) {
    case 'forced':
      return `${door} was opened at ${time(at)} and nobody was told to: things lay in it.`
    case 'wrong-door':
      return `${door} opened at ${time(at)} when another door was told to: things lay in it.`
    case 'found-open':
      return `${door} was found open at ${time(at)}: nobody saw who opened it.`
    case 'found-closed':
      return `${door} was found closed at ${time(at)}: nobody saw it open or close.`
    case 'left-open':
      return `${door} stood open at ${time(at)} for longer than it may.`
    case 'unseen':
      return `Nobody could see ${door} ${span(link)}: things lay in it.`
    case 'ordered':
      return `${door} was told to open at ${time(at)}, and nothing says whether it did.`
    case 'in-doubt':
      return `${door} was told to open at ${time(at)}, and nobody saw whether it did${settled(link)}.`
    case 'put-in':
    case 'taken':
    case 'opened-again':
      return doubt
        ? `${door} was not seen all the time from when it opened to when it was closed (${time(at)}).`
        : undefined
    case 'opened':
      // With a leg it is a booking's own visit, which is not over.
      if (link.leg === undefined)
        return `${door} was opened for ${who} at ${time(at)}, who had no booking: things lay in it.`
      return undefined
    case 'moved':
      return doubt
        ? `Nothing shows that ${link.why} was emptied when ${door} was given for it at ${time(at)}.`
        : undefined
    case 'booked':
    case 'recoded':
    case 'refused':
    case 'burnt':
    case 'not-opened':
    case 'contact':
    case 'held':
    case 'released':
    case 'overdue':
    case 'ended':
      return undefined
  }
}

const span = ({ from, until }: CustodyLink): string =>
  until === undefined ? `from ${time(from)} on` : `from ${time(from)} to ${time(until)}`

function settled({ settled: end }: CustodyLink): string {
  if (!end) return ''
  return end.by === undefined
    ? ` (${end.how} at ${time(end.at)})`
    : ` (settled by ${end.by} at ${time(end.at)})`
}

function endGap(links: CustodyLink[], status: Custody['status'], booking: string): string | undefined {
  const last = links.at(-1)
  if (last?.what !== 'ended') return undefined
  const taken = links.some(({ what }) => what === 'taken')
  if ((status === 'collected' || status === 'cleared' || status === 'removed') && !taken)
    return `${booking} ended as ${status}, and no row says that it was taken out.`
  if ((status === 'cancelled' || status === 'expired') && last.lying)
    return `${booking} ended as ${status} while something may have lain in ${last.compartment}.`
  return undefined
}
