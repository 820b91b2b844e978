/** What can be wrong with a device or a line: a closed list, so that each has a meaning and a remedy. */
export type Fault = 'no-reply' | 'line-down' | 'too-late' | 'refused' | 'unknown-channel' | 'stale'

/** The technician's handbook. It is complete because it must compile. */
export const faults: Record<Fault, { means: string; tryThis: string }> = {
  'no-reply': {
    means: 'The device did not answer, or what it answered was damaged or came from another address.',
    tryThis: 'Check its power, its address switches, A/B wiring and the baud rate; then `pawl lines`.',
  },
  'line-down': {
    means: 'The serial port or network converter of its line is not there.',
    tryThis: 'Check that the adapter is plugged in and that the path in the site file still names it.',
  },
  'too-late': {
    means: 'The command could not be sent before its deadline, so it was dropped and nothing moved.',
    tryThis: 'Ask again. If it happens often, the line is too slow or too many devices on it are dead.',
  },
  refused: {
    means: 'The device, or its driver, does not take this command.',
    tryThis: 'Check that the site file names the right driver and dialect for this board.',
  },
  'unknown-channel': {
    means: 'The board has no such channel.',
    tryThis:
      'Check the channel of this compartment and the number of channels of its board in the site file.',
  },
  stale: {
    means: 'The last good reading is older than the site allows, so the doors count as unknown.',
    tryThis: 'Look for a dead or noisy device on the same line with `pawl lines`.',
  },
}
