/** What the exit codes mean; `pawl help` prints this. */
export const EXIT = {
  ok: { code: 0, means: 'done, or the answer is yes' },
  no: { code: 1, means: 'the answer is no: the door did not open, the file or journal is not right' },
  usage: { code: 2, means: 'the command was mistyped, or a file it names cannot be used' },
  away: { code: 3, means: 'the agent is not running, or went away' },
  refused: { code: 4, means: 'the agent refused' },
} as const

export type Exit = keyof typeof EXIT

/** Ends a command with one sentence for the person who typed it. */
export class Stop extends Error {
  exit: Exit
  constructor(exit: Exit, says: string) {
    super(says)
    this.exit = exit
  }
}
