// What is used of two packages that bring no types.

declare module 'firmata-io' {
  /** One board behind a byte pipe. */
  export class Firmata {
    constructor(transport: object, options: object)
    isReady: boolean
    pins: { supportedModes: number[] }[]
    STEPPER: { TYPE: { DRIVER: number } }
    reportVersion(heard: () => void): void
    queryFirmware(heard: () => void): void
    accelStepperConfig(options: object): void
    accelStepperSpeed(device: number, stepsPerSecond: number): void
    accelStepperStep(device: number, steps: number, done: () => void): void
    removeAllListeners(): void
  }
}

declare module 'johnny-five' {
  export class Board {
    constructor(options: object)
    on(event: 'ready' | 'error', heard: (what?: unknown) => void): void
    pinMode(pin: number, mode: number): void
    digitalRead(pin: number, heard: (level: 0 | 1) => void): void
    removeAllListeners(): void
  }
  export class Led {
    constructor(options: object)
    on(): void
    off(): void
  }
  export class Relay {
    constructor(options: object)
    close(): void
    open(): void
  }
  export class Servo {
    constructor(options: object)
    to(degrees: number): void
  }
}
