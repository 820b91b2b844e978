import { blameDriver } from '../drivers/isolation.ts'

/** What of a process is needed to hear what nobody caught. */
export interface Process {
  on(event: 'uncaughtException' | 'unhandledRejection', heard: (error: unknown) => void): unknown
}

/**
 * What a driver leaves to nobody takes down its own device. What anybody else does is a bug: the process dies, and the
 * supervisor starts it again.
 */
export function hearStrays(own: Process, die: (error: unknown) => void): void {
  const heard = (error: unknown): void => {
    if (!blameDriver(error)) die(error)
  }
  own.on('uncaughtException', heard)
  own.on('unhandledRejection', heard)
}
