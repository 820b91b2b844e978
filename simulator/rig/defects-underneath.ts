import type { Defect } from './planting.ts'

/** Mistakes below the workflows: in the store, on the road, on the line, in chance itself. */
export const underneath: Defect[] = [
  {
    name: 'a row is left out on its way up',
    breaks: 'A5 A6',
    planted: () => ({
      store: store => ({
        ...store,
        journal: {
          ...store.journal,
          rawAfter: (seq, limit) => store.journal.rawAfter(seq, limit).filter(row => row.seq % 20 !== 0),
        },
      }),
    }),
  },
  {
    name: 'a row is altered on its way up',
    breaks: 'A5 A6',
    planted: () => ({
      store: store => ({
        ...store,
        journal: {
          ...store.journal,
          rawAfter: (seq, limit) =>
            store.journal
              .rawAfter(seq, limit)
              .map(row => (row.seq === 20 ? { ...row, at: row.at + 1 } : row)),
        },
      }),
    }),
  },
  {
    name: 'a message is acknowledged before it is kept',
    breaks: 'A7',
    planted: () => ({
      uplink: open => settings =>
        open({
          ...settings,
          hear(event) {
            if (event.type !== 'message') return settings.hear(event)
            event.done()
            if (event.payload.length % 5 !== 0) settings.hear(event)
          },
        }),
    }),
  },
  {
    name: 'a board is told to erase its firmware',
    breaks: 'no device',
    planted: () => ({
      line: open => async listener => {
        const line = await open(listener)
        line.write(Uint8Array.of(0xf5, 0xb5, 0, 0, 0x5f, 0x09))
        return line
      },
    }),
  },
  {
    name: 'chance comes from the machine',
    breaks: 'A14',
    planted: () => ({
      entropy: { bytes: length => crypto.getRandomValues(new Uint8Array(length)), fraction: Math.random },
    }),
  },
]
