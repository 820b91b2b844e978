import type { Known } from './known.ts'
import { isRevoked } from './revocation.ts'
import { judgeToken, type Token } from './token.ts'

/** Whether somebody far away may have that door opened, and by which signature; `ok` without a token where none is asked for. */
export type Grant = { ok: true; token?: Token } | { ok: false; why: string }

/**
 * An opening from afar carries a token of its own: action `enter`, the compartment as its subject, for this unit, for one
 * time. So whoever takes over the broker opens nothing (TOKENS.md, "Openings from afar").
 */
export function judgeGrant(compartment: string, text: string | undefined, known: Known): Grant {
  const { access, unit } = known.site
  if (!access?.signed_opens) return { ok: true }
  if (text === undefined) return no('an opening from afar needs a grant that the operator signed')
  const read = known.readToken(Buffer.from(text, 'latin1'))
  if (!read.ok) return no(`its grant cannot be taken: ${read.why}`)
  const { token } = read
  const why = judgeToken(token, { unit, action: 'enter', wall: known.wall })
  if (why !== undefined) return no(`its grant opens nothing: ${why}`)
  if (token.subject !== compartment) return no('its grant is for another door')
  if (isRevoked(token, known.revocations)) return no('its grant opens nothing: revoked')
  if (known.tokenUsed(token.id)) return no('its grant was used')
  return { ok: true, token }
}

const no = (why: string): Grant => ({ ok: false, why })
