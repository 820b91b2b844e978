/** An 8A lock board at address 1 that answers in no time at all, so that only the agent's own time is measured. */
export function instantBoard(send: (bytes: Uint8Array) => void) {
  const open = new Set<number>()
  let kept = Buffer.alloc(0)
  let ordered: (lock: number, at: number) => void = () => {}

  function obey(frame: Buffer): void {
    const [head, , lock = 0] = frame
    if (head === 0x8a) {
      open.add(lock)
      ordered(lock, performance.now())
      send(framed(0x8a, 1, lock, 0x00))
    } else if (head === 0x80 && lock === 0) {
      const locked = Array.from({ length: 24 }, (_, index) => (open.has(index + 1) ? 0 : 1 << (index % 8)))
      const group = (at: number) => locked.slice(at, at + 8).reduce((all, bit) => all | bit, 0)
      send(framed(0x80, 1, group(16), group(8), group(0), 0x33))
    } else if (head === 0x80) send(framed(0x80, 1, lock, open.has(lock) ? 0x00 : 0x11))
  }

  return {
    hear(bytes: Buffer): void {
      kept = Buffer.concat([kept, bytes])
      while (kept.length >= 5) {
        obey(kept.subarray(0, 5))
        kept = kept.subarray(5)
      }
    },
    /** Called with the moment at which the bytes of an open command were read from the tty. */
    onOrder(heard: typeof ordered): void {
      ordered = heard
    },
    /** Opened by hand: nobody ordered it. */
    pry: (lock: number) => void open.add(lock),
    close: (lock: number) => void open.delete(lock),
  }
}

function framed(...body: number[]): Uint8Array {
  return Uint8Array.of(
    ...body,
    body.reduce((sum, byte) => sum ^ byte, 0),
  )
}
