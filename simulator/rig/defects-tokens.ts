import { readToken, type TokenRead } from '../../agent/domain/token.ts'
import { type Defect, hears, knowing } from './planting.ts'
import { operator, stranger } from './signers.ts'

/** The gate believes something else of what it reads. */
const reading = (spoil: (read: TokenRead, bytes: Uint8Array) => TokenRead) => () =>
  hears('reader', (happening, known) => [
    happening,
    knowing(known, { readToken: bytes => spoil(known.readToken(bytes), bytes) }),
  ])

const other = (read: TokenRead, change: Partial<(TokenRead & { ok: true })['token']>): TokenRead =>
  read.ok ? { ok: true, token: { ...read.token, ...change } } : read

/** Mistakes with tokens: each opens a door for somebody who has no right to it. */
export const withTokens: Defect[] = [
  {
    name: 'a key is known by its name alone',
    breaks: 'A2 A4',
    planted: reading((_read, bytes) => readToken(bytes, [operator, stranger])),
  },
  {
    name: 'a token for another unit is as good',
    breaks: 'A2 A4',
    planted: reading(read => other(read, { unit: 'rig' })),
  },
  {
    name: 'what a token is for is not looked at',
    breaks: 'A2 A4',
    planted: () =>
      hears('reader', (happening, known) => [
        happening,
        knowing(known, {
          readToken(bytes) {
            const read = known.readToken(bytes)
            const stage = read.ok ? known.booking(read.token.subject)?.stage : undefined
            return other(read, { action: stage === 'expected' ? 'deposit' : 'collect' })
          },
        }),
      ]),
  },
  {
    name: 'what was revoked opens all the same',
    breaks: 'A2 A4',
    planted: () =>
      hears('reader', (happening, known) => [happening, knowing(known, { revocations: undefined })]),
  },
  {
    name: 'a restart forgets what was revoked',
    breaks: 'A2 A4',
    planted: () => ({
      store: store => ({ ...store, facts: { ...store.facts, revocations: () => undefined } }),
    }),
  },
]
