/** What can be wrong with a device or a line: a closed list, so that each has a meaning and a remedy. */
export type Fault =
  | 'no-reply'
  | 'line-down'
  | 'too-late'
  | 'refused'
  | 'unknown-channel'
  | 'stale'
  | 'wrong-setting'
  | 'busy'
  | 'board-error'
  | 'sold-out'
  | 'jammed'
  | 'no-drop'
  | 'no-motor'
  | 'motor-runs-on'
  | 'elevator-fault'
  | 'elevator-occupied'
  | 'delivery-door-open'
  | 'lane-paused'
  | 'machine-fault'
  | 'terminated'
  | 'in-doubt'
  | 'denied'
  | 'terminal-fault'
  | 'not-ready'
  | 'paper-out'
  | 'paper-low'
  | 'cover-open'
  | 'ribbon-out'
  | 'paused'
  | 'overheated'
  | 'cutter-fault'
  | 'printer-fault'
  | 'out-of-range'
  | 'no-label'
  | 'driver-failed'

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
  'wrong-setting': {
    means: 'The device is set up otherwise than the site file says, or does not keep what it is told.',
    tryThis: 'Compare its settings with PROTOCOL.md of its driver, then run `pawl bring-up` for it.',
  },
  busy: {
    means: 'The device is still doing what it was told before, so it was not told anything more.',
    tryThis: 'Wait until it has ended; a device that stays busy needs its power taken away for ten seconds.',
  },
  'board-error': {
    means: 'The device understood and answered that it could not do it.',
    tryThis: 'Look at the device itself and its wiring; then ask again.',
  },
  'sold-out': {
    means: 'The controller says that this lane is empty.',
    tryThis: 'Count the lane and load it.',
  },
  jammed: {
    means: 'The lane turned, and the drop sensor saw nothing fall; a pack may hang in it.',
    tryThis:
      'Open the machine, look at the lane and below it, and say what you found before it is used again.',
  },
  'no-drop': {
    means: 'The motor made its turn, and no drop was seen.',
    tryThis: 'Look for the pack in the lane, the elevator and the tray; clean the drop sensor.',
  },
  'no-motor': {
    means: 'The controller finds no motor at this lane, so nothing turned.',
    tryThis: 'Check the plug of the motor and the number of the lane in the site file.',
  },
  'motor-runs-on': {
    means: 'The motor did not stop where it should: more than one pack may have fallen.',
    tryThis: 'Take the lane out of use, count it, and check the switch of its motor.',
  },
  'elevator-fault': {
    means: 'The elevator did not get where it should, or its self-test failed.',
    tryThis: 'Look for something in its way, then take the power of the machine away for ten seconds.',
  },
  'elevator-occupied': {
    means: 'Something lies in the elevator.',
    tryThis: 'Find out whose it is before it is taken out.',
  },
  'delivery-door-open': {
    means: 'The delivery door is not closed, so nothing is dispensed.',
    tryThis: 'Close it. If it is closed, check its switch.',
  },
  'lane-paused': {
    means: 'The controller has taken this lane out of use.',
    tryThis: 'Find out who paused it and why, at the menu of the machine.',
  },
  'machine-fault': {
    means: 'The controller names a fault of its own; the code stands beside it.',
    tryThis: "Look the code up in the machine's manual and in PROTOCOL.md of its driver.",
  },
  terminated: {
    means: 'The controller ended the vend before anything was delivered, or says so.',
    tryThis: 'Look into the lane and the tray before the lane is used again.',
  },
  'in-doubt': {
    means: 'It was told to move, and it was not heard what became of it.',
    tryThis: 'Look at the steel. Nothing is repeated until a person has said what they saw.',
  },
  denied: {
    means: 'The card was refused.',
    tryThis: 'Ask for another card. If every card is refused, check the terminal and its network.',
  },
  'terminal-fault': {
    means: 'The payment terminal is off or says an error.',
    tryThis: 'Check its cable and its own display.',
  },
  'not-ready': {
    means:
      'The printer does not say that it is ready. Many say nothing at all while paper is out or the head is open.',
    tryThis: 'Check paper, ribbon, head and cover, then its power and cable.',
  },
  'paper-out': { means: 'The printer has no paper.', tryThis: 'Put a new roll in.' },
  'paper-low': { means: 'The roll of paper is nearly used up.', tryThis: 'Bring a new roll.' },
  'cover-open': {
    means: 'The cover or the head of the printer is open.',
    tryThis: 'Close it until it clicks.',
  },
  'ribbon-out': { means: 'The ribbon of the printer is used up.', tryThis: 'Put a new ribbon in.' },
  paused: { means: 'Somebody paused the printer.', tryThis: 'Press its pause button.' },
  overheated: {
    means: 'The print head is too hot or too cold to print.',
    tryThis: 'Wait; if it lasts, look at the place where the printer stands.',
  },
  'cutter-fault': {
    means: 'The cutter of the printer is stuck.',
    tryThis: 'Open the cover, free the blade, close it, switch it off and on.',
  },
  'printer-fault': {
    means: 'The printer says an error that it does not get out of by itself.',
    tryThis: 'Switch it off and on. If it comes back, the printer needs repair.',
  },
  'no-label': {
    means: 'What belongs on the label cannot be read on this unit any more, so nothing was printed.',
    tryThis:
      'Withdraw the prescription and send it again; if it happens to others, was the key of the unit replaced?',
  },
  'out-of-range': {
    means: 'What the sensor says cannot be, so it is not believed.',
    tryThis: 'Check its cable, and whether its driver options (such as the scale) fit this model.',
  },
  'driver-failed': {
    means:
      'The driver of this device went wrong: a defect of ours. It is started again a few times, then left off.',
    tryThis:
      'Send the capture of its line (`pawl capture`) and the log to its makers, then restart the agent.',
  },
}
