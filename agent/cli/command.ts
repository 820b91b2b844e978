import type { ParseArgsOptionsConfig } from 'node:util'
import type { Exit } from './exit.ts'
import type { AgentSocket } from './socket.ts'

/** Everything a command may touch. */
export interface Call {
  words: string[]
  /** What was given for an option that takes a value. */
  text(option: string): string | undefined
  flag(option: string): boolean
  json: boolean
  /** One line for people; nothing when programs listen. Control characters never reach the terminal. */
  say(line: string): void
  /** One JSON value on one line for programs; nothing when people do. */
  tell(value: unknown): void
  /** The socket of the agent, found by --socket, --site or where agents usually have it. */
  agent(): AgentSocket
  /** The site file, when one was named. */
  site: string | undefined
  /** Who typed it, as the machine knows them. */
  user: string
}

/** One command of `pawl`: its help and what it does. */
export interface Command {
  name: string
  /** After the name, such as `DOOR --reason TEXT`. */
  usage: string
  about: string
  /** More, a line each, for its own help. */
  details?: string[]
  options?: ParseArgsOptionsConfig
  /** What each option is for, in the order of the help. */
  optionHelp?: Record<string, string>
  /** How many words it takes. */
  words: [least: number, most: number]
  examples: string[]
  run(call: Call): Promise<Exit>
}
