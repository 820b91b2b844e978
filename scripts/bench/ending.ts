// Everything a bench starts ends with it: on success, on failure and on Ctrl-C.

export interface Ending {
  end(): Promise<void>
}

export type Keep = <Thing extends Ending>(thing: Thing) => Thing

const open = new Set<Ending[]>()

/** Ends what was kept last first. Each is ended once, even when two ask for it. */
async function endAll(endings: Ending[]): Promise<void> {
  for (let thing = endings.shift(); thing; thing = endings.shift()) await thing.end()
}

/** Works with things that end; all that was kept has ended when it returns. */
export async function within<Result>(work: (keep: Keep) => Promise<Result>): Promise<Result> {
  const endings: Ending[] = []
  open.add(endings)
  try {
    return await work(thing => {
      endings.unshift(thing)
      return thing
    })
  } finally {
    await endAll(endings)
    open.delete(endings)
  }
}

/** Ends whatever is still under way, for when the whole run is called off. */
export async function endEverything(): Promise<void> {
  for (const endings of open) await endAll(endings)
}
