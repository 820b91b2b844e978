import { z } from 'zod'

// What settings of every kind are made of.

/** A name a person gives: what every other part of the file, the journal and the CLI call it by. */
export const Name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/, {
  error: 'a name of 1 to 32 letters, digits, dots, dashes and underscores, a letter or digit first',
})

export const file = (about: string) =>
  z.string().min(1).describe(`${about} A relative path counts from the folder of this file.`)

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

export const TimeZone = z.string().refine(isTimeZone, 'a time zone of the IANA list such as America/New_York')
