import { z } from 'zod'
import type { Answer, Bus, Ordered } from './bus.ts'
import { hex } from './codec.ts'
import type { Millis } from './host/clock.ts'
import { exchange, type Reply, type Request } from './modbus-rtu.ts'
import type { Manners } from './seat.ts'

/** Silence between frames, MODBUS over serial line V1.02, 2.5.1.1. */
export const MODBUS_MANNERS: Manners = { quietCharacters: 3.5 }

/** Options of every Modbus device. */
export const modbusOptions = {
  address: z.int().min(1).max(247).default(1).describe('Its Modbus address (unit, slave id).'),
  reply_within_ms: z
    .int()
    .min(20)
    .max(5_000)
    .default(500)
    .describe('How long an answer may take to begin, in milliseconds.'),
}

export interface ModbusUnit {
  /** Contacts or coils. An exception is a failure, with the frame that was refused. */
  bits(
    type: 'read-coils' | 'read-inputs',
    from: number,
    count: number,
    urgent?: boolean,
  ): Promise<Answer<boolean[]>>
  registers(
    type: 'read-holding' | 'read-input-registers',
    from: number,
    count: number,
  ): Promise<Answer<number[]>>
  /** Writes once. Its answer is byte for byte the request, so where the adapter echoes it says nothing. */
  write(
    type: 'write-coil' | 'write-register',
    address: number,
    value: number,
    by: Millis,
  ): Promise<Ordered<Reply>>
}

/** One device on a Modbus line, as its driver speaks with it. */
export function modbusUnit(bus: Bus, { address, within }: { address: number; within: Millis }): ModbusUnit {
  async function ask(request: Request, urgent = false): Promise<Answer<Reply>> {
    const codec = exchange(address, request)
    const answer = await bus.ask(codec, request, { urgent, within })
    if (!answer.ok || answer.reply.type !== 'exception') return answer
    return { ok: false, fault: 'board-error', frame: hex(codec.encode(request)) }
  }

  return {
    async bits(type, from, count, urgent) {
      const answer = await ask({ type, from, count }, urgent)
      return answer.ok ? { ok: true, reply: answer.reply.type === 'bits' ? answer.reply.bits : [] } : answer
    },
    async registers(type, from, count) {
      const answer = await ask({ type, from, count })
      return answer.ok
        ? { ok: true, reply: answer.reply.type === 'registers' ? answer.reply.registers : [] }
        : answer
    },
    async write(type, at, value, by) {
      const request: Request = { type, address: at, value }
      const codec = exchange(address, request)
      const ordered = await bus.order(codec, request, { by, within })
      if (!ordered.ok || ordered.reply?.type !== 'exception') return ordered
      return { ok: false, fault: 'board-error', sent: true, frame: hex(codec.encode(request)) }
    },
  }
}
