import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { findPorts } from './ports.ts'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'pawl-ports-')))
const dev = join(root, 'dev')
const sys = join(root, 'sys')

afterEach(() => rmSync(root, { recursive: true, force: true }))

test('ports are found with the names that stay, phantom ones of the chipset are not', () => {
  for (const folder of ['dev/serial/by-id', 'dev/serial/by-path'])
    mkdirSync(join(root, folder), { recursive: true })
  for (const name of [
    'ttyUSB10',
    'ttyUSB2',
    'ttyACM0',
    'ttyAMA0',
    'ttyS0',
    'ttyS1',
    'ttyS2',
    'tty1',
    'ttyprintk',
  ])
    writeFileSync(join(dev, name), '')
  for (const [name, type] of [
    ['ttyS0', '4\n'],
    ['ttyS1', '0\n'],
  ] as const) {
    mkdirSync(join(sys, 'class/tty', name), { recursive: true })
    writeFileSync(join(sys, 'class/tty', name, 'type'), type)
  }
  symlinkSync('../../ttyUSB2', join(dev, 'serial/by-id/usb-FTDI_A9'))
  symlinkSync('../../ttyUSB2', join(dev, 'serial/by-path/pci-0000-port0'))
  symlinkSync('../../ttyUSB10', join(dev, 'serial/by-path/pci-0000-port1'))
  symlinkSync('../../ttyUSB77', join(dev, 'serial/by-id/usb-gone'))

  const byId = join(dev, 'serial/by-id/usb-FTDI_A9')
  const byPath = join(dev, 'serial/by-path')
  expect(findPorts(dev, sys)).toEqual([
    { path: join(dev, 'ttyACM0'), aliases: [], best: join(dev, 'ttyACM0') },
    { path: join(dev, 'ttyAMA0'), aliases: [], best: join(dev, 'ttyAMA0') },
    { path: join(dev, 'ttyS0'), aliases: [], best: join(dev, 'ttyS0') },
    { path: join(dev, 'ttyUSB2'), aliases: [byId, join(byPath, 'pci-0000-port0')], best: byId },
    {
      path: join(dev, 'ttyUSB10'),
      aliases: [join(byPath, 'pci-0000-port1')],
      best: join(byPath, 'pci-0000-port1'),
    },
  ])
})

test('a machine without any is no error', () => {
  expect(findPorts(join(root, 'nowhere'), sys)).toEqual([])
})
