import type { z } from 'zod'
import { DAYS, minutesOf, type Week } from '../../config/hours.ts'
import type { Millis } from '../../drivers/host/clock.ts'

/** Whether it is open at a moment (Unix time), by the clock on the wall of a time zone (IANA name). */
export function isOpen(
  hours: z.output<typeof Week> | 'always',
  closedOn: string[],
  { wall, timeZone }: { wall: Millis; timeZone: string },
): boolean {
  const { date, day, minute } = localAt(wall, timeZone)
  if (closedOn.includes(date)) return false
  if (hours === 'always') return true
  return hours.some(
    ({ days, from, to }) =>
      days.some(each => each === day) && minutesOf(from) <= minute && minute < minutesOf(to),
  )
}

/** What calendar and clock on the wall show there. When clocks go back, an hour shows twice; when they go forward, one never does. */
function localAt(wall: Millis, timeZone: string) {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  }).formatToParts(wall)
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.find(({ type }) => type === name)?.value ?? ''
  const date = `${part('year')}-${part('month')}-${part('day')}`
  const minute = minutesOf(`${part('hour')}:${part('minute')}`)
  return { date, day: DAYS[new Date(date).getUTCDay()], minute }
}
