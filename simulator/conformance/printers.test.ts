import { describe, expect, test } from 'vitest'
import type { Driver } from '../../drivers/device.ts'
import { escposPrinter } from '../../drivers/escpos-printer/driver.ts'
import { receiptOf } from '../../drivers/escpos-printer/frames.ts'
import { zplPrinter } from '../../drivers/zpl-printer/driver.ts'
import { labelOf } from '../../drivers/zpl-printer/frames.ts'
import { receiptPrinter, escposPrinter as receiptTwin } from '../devices/escpos-printer.ts'
import type { Plug } from '../devices/peripheral.ts'
import { labelPrinter, zplPrinter as labelTwin } from '../devices/zpl-printer.ts'
import { plugged } from './plugged.ts'

interface Twin {
  name: string
  driver: Driver<never>
  plug: Plug
  pages(): string[]
  /** Somebody else's page, as its driver writes it. */
  others: Uint8Array
  paperOut(out: boolean): void
  cover(open: boolean): void
}

function label(settings: Parameters<typeof labelTwin>[0]): Twin {
  const world = labelPrinter()
  return {
    name: 'zpl-printer',
    driver: zplPrinter as unknown as Driver<never>,
    plug: labelTwin(settings, world),
    pages: () => world.labels,
    others: labelOf(OTHERS, { line: 36, margin: 24 }),
    paperOut(out) {
      world.paperOut = out
    },
    cover(open) {
      world.headOpen = open
    },
  }
}

function receipt(settings: Parameters<typeof receiptTwin>[0]): Twin {
  const world = receiptPrinter()
  return {
    name: 'escpos-printer',
    driver: escposPrinter as unknown as Driver<never>,
    plug: receiptTwin(settings, world),
    // What is cut off before the first page, so that nothing is on it that broke off, is mostly empty.
    pages: () => world.receipts.filter(text => text !== ''),
    others: receiptOf(OTHERS, { columns: 42, feed: 4, cut: 'full', qr: true }),
    paperOut(out) {
      world.paperOut = out
    },
    cover(open) {
      world.coverOpen = open
    },
  }
}

const OTHERS = { lines: ['Zebulon Quisling', 'Take two a day'], code: 'K1:2222' }
const PAGE = { lines: ['Take one a day', 'Dr. Müller ^XZ~HS'], code: 'K1:1111' }

function bench(twin: Twin) {
  const plugs = plugged({ driver: twin.driver, plugs: [twin.plug] })
  const print = () => plugs.device.send({ type: 'print', page: PAGE, by: plugs.by(5_000) })
  return { ...twin, ...plugs, print }
}

const TWINS: [string, () => Twin][] = [
  ['zpl-printer, silent when it is out', () => label({})],
  ['zpl-printer, talking when it is out', () => label({ silentWhenOut: false })],
  ['escpos-printer', () => receipt({})],
]

describe.each(TWINS)('%s', (_name, make) => {
  test('ready is told once', async () => {
    const { pass } = bench(make())
    expect(await pass(60_000)).toEqual(['online', 'ready'])
  })

  test('a page is on paper once when its outcome says so, and what is in a text is not obeyed', async () => {
    const { online, print, clock, pages } = bench(make())
    await online()
    const outcome = print()
    await clock.pass(10_000)
    expect(await outcome).toEqual({ ok: true })
    expect(pages()).toHaveLength(1)
    expect(pages()[0]).toContain('Take one a day')
  })

  test('wherever a page broke off in a life before, the next is printed whole, and nothing of the other is on it', async () => {
    const { others } = make()
    for (let broke = 1; broke < others.length; broke++) {
      const twin = make()
      const plug: Plug = socket => {
        const printer = twin.plug(socket)
        printer.receive(others.subarray(0, broke))
        return printer
      }
      const { online, print, clock, pages } = bench({ ...twin, plug })
      await online()
      const outcome = print()
      await clock.pass(10_000)
      expect(await outcome, `broke off at ${broke}`).toEqual({ ok: true })
      const mine = pages().filter(text => text.includes('Take one a day'))
      expect(mine, `broke off at ${broke}`).toHaveLength(1)
      expect(mine[0]).not.toContain('Quisling')
      expect(mine[0]).toContain('Dr. M')
    }
  })

  test.each(['paper', 'cover'] as const)('without %s nothing is sent, and not ready is said', async what => {
    const { online, print, clock, pages, paperOut, cover } = bench(make())
    await online()
    if (what === 'paper') paperOut(true)
    else cover(true)
    const outcome = print()
    await clock.pass(10_000)
    expect(await outcome).toMatchObject({ ok: false, sent: false })
    paperOut(false)
    cover(false)
    await clock.pass(30_000)
    expect(pages()).toEqual([])
  })

  test('out of paper is told while it lasts, and ready again after', async () => {
    const { online, pass, paperOut } = bench(make())
    await online()
    paperOut(true)
    const told = await pass(60_000)
    expect(told).toHaveLength(1)
    expect(told[0]).toMatch(/paper-out|offline: not-ready/)
    paperOut(false)
    expect((await pass(60_000)).at(-1)).toBe('ready')
  })

  test('paper that ends in the middle leaves a doubt or a reason, never a success', async () => {
    const { online, print, clock, paperOut } = bench(make())
    await online()
    const outcome = print()
    await clock.pass(120)
    paperOut(true)
    await clock.pass(60_000)
    const said = await outcome
    expect(said.ok ? 'ok' : said.sent).not.toBe('ok')
  })

  test('two pages at once: the second is refused, nothing of it sent', async () => {
    const { online, print, clock, pages } = bench(make())
    await online()
    const first = print()
    expect(await print()).toEqual({ ok: false, fault: 'busy', sent: false })
    await clock.pass(20_000)
    expect(await first).toEqual({ ok: true })
    expect(pages()).toHaveLength(1)
  })

  test('switched off it is not ready, and back it is', async () => {
    const { online, pass, wire, print, clock } = bench(make())
    await online()
    wire.kill(0)
    expect(await pass(60_000)).toEqual(['offline: not-ready'])
    const outcome = print()
    await clock.pass(10_000)
    expect(await outcome).toMatchObject({ ok: false, sent: false, fault: 'not-ready' })
    wire.revive(0)
    expect((await pass(60_000)).at(-1)).toBe('ready')
  })
})

test('a clone that ignores the question for its state is never printed on', async () => {
  const { print, clock, pages, pass } = bench(receipt({ ignoresStatus: true }))
  expect(await pass(20_000)).toEqual(['offline: not-ready'])
  const outcome = print()
  await clock.pass(10_000)
  expect(await outcome).toMatchObject({ ok: false, sent: false })
  expect(pages()).toEqual([])
})
