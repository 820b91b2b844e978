import type { Happening } from '../happenings.ts'
import { readPack } from './gs1.ts'
import type { Known } from './known.ts'
import { checkScanner, type SessionEvent } from './session.ts'
import { hearStatement } from './statement-hearing.ts'
import { hearVisit } from './visit-hearing.ts'

/** What a happening means to the session at the machine, which is that of `workflow`. */
export function hearSession(workflow: string, happening: Happening, known: Known): SessionEvent | undefined {
  switch (happening.type) {
    case 'presented': {
      const { prescription, token, reader } = happening
      return { type: 'presented', known, prescription, token, reader }
    }
    case 'report':
      return reported(workflow, happening, known)
    case 'outcome':
      return (
        visiting(workflow, happening, known) ?? {
          type: 'outcome',
          known,
          order: happening.order,
          outcome: happening.outcome,
        }
      )
    case 'asked': {
      const { ask, from } = happening
      if (ask.kind === 'resolve') return { type: 'resolve', known, ask, from }
      if (ask.kind !== 'state') return undefined
      const heard = hearStatement(ask.statement, known)
      if (!heard.ok || heard.to !== 'session') return undefined
      return { type: 'stated', known, statement: heard.statement, text: ask.statement, from }
    }
    case 'overdue':
    case 'restarted':
      if (happening.workflow !== workflow) return undefined
      return visiting(workflow, happening, known) ?? { type: happening.type, known }
  }
  return undefined
}

/** What concerns the delivery door while somebody is at it. */
function visiting(workflow: string, happening: Happening, known: Known): SessionEvent | undefined {
  const heard = hearVisit(workflow, happening, known)
  const standing = [...known.visits()].some(visit => visit.workflow === workflow)
  return heard && standing ? { type: 'visit', known, event: heard.event } : undefined
}

function reported(
  workflow: string,
  happening: Happening & { type: 'report' },
  known: Known,
): SessionEvent | undefined {
  const { device, report } = happening
  const dispensing = known.site.kiosk?.dispense
  switch (report.type) {
    case 'door':
      return visiting(workflow, happening, known)
    case 'key':
      return device === dispensing?.keypad ? { type: 'key', known, key: report.key } : undefined
    case 'payment':
      return device === dispensing?.payment ? { type: 'payment', known, state: report.state } : undefined
    case 'dispense': {
      const { stage, evidence, last, code, channel } = report
      const at = known.site.lanes.find(lane => lane.device === device && lane.channel === channel)
      return at && { type: 'dispense', known, lane: at.name, stage, evidence, last, code }
    }
    case 'scan':
      if (device !== checkScanner(known) || known.machine?.workflow !== workflow) return undefined
      return { type: 'read', known, read: readPack(report, known.today) }
    case 'input': {
      const { tray } = dispensing ?? {}
      const mine = tray?.device === device && tray.input === report.name
      return mine ? { type: 'tray', known, on: report.on } : undefined
    }
    case 'item':
    case 'moved':
    case 'printer':
    case 'badge':
    case 'climate':
    case 'online':
    case 'offline':
      return undefined
  }
}
