import { z } from 'zod'

// As in site.ts, messages go after "Give it".

/** Sunday first, as Date counts them. */
export const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const

/** A day of the calendar, YYYY-MM-DD. */
export const day = z.iso.date('a day of the calendar such as 2026-12-25')
const time = z
  .string()
  .regex(
    /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/,
    'a time of two and two digits such as 08:30; midnight at the end is 24:00',
  )

/** Minutes since midnight of a time such as 08:30. */
export const minutesOf = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3))

const Opening = z
  .strictObject({
    days: z.array(z.enum(DAYS)).min(1).describe('The days of the week it goes for.'),
    from: time.describe('When it opens: this minute is open.'),
    to: time.describe('When it closes: this minute is closed. 24:00 is the end of the day.'),
  })
  .check(({ value: { from, to }, issues }) => {
    if (minutesOf(from) >= minutesOf(to))
      issues.push({
        code: 'custom',
        input: to,
        path: ['to'],
        message: `a time after ${from}; over midnight takes two entries`,
      })
  })
  .describe('Days that have the same hours, by the clock on the wall where the unit stands.')

/** Hours of the week; two of one day may not overlap. */
export const Week = z
  .array(Opening)
  .min(1)
  .check(({ value, issues }) => {
    const spans = value.flatMap(({ days, from, to }, index) =>
      days.map((day, place) => ({ index, place, day, from, to })),
    )
    for (const [at, mine] of spans.entries()) {
      const other = spans.slice(0, at).find(each => each.day === mine.day && overlap(each, mine))
      if (!other) continue
      const { index, place, day } = mine
      const message = `hours of its own: ${day} is open from ${other.from} to ${other.to} already`
      issues.push({ code: 'custom', input: day, path: [index, 'days', place], message })
    }
  })

type Span = { from: string; to: string }
const overlap = (one: Span, other: Span): boolean =>
  minutesOf(one.from) < minutesOf(other.to) && minutesOf(other.from) < minutesOf(one.to)
