import { type AddressInfo, createServer, type Socket } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import type { Line } from './line.ts'
import { tcpLine } from './tcp-line.ts'

const undo: (() => void)[] = []
const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 10_000, interval: 5 })

afterEach(() => {
  for (const step of undo.splice(0).reverse()) step()
})

/** A converter with nothing behind it: what reaches it, and how the connection ended. */
async function converter() {
  const arrived: number[] = []
  const ends: string[] = []
  const sockets: Socket[] = []
  const server = createServer(socket => {
    sockets.push(socket)
    socket.on('data', (bytes: Buffer) => void arrived.push(...bytes.subarray(0, 1_000)))
    socket.on('error', (error: NodeJS.ErrnoException) => void ends.push(error.code ?? 'error'))
    socket.on('end', () => void ends.push('end'))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  undo.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { port, arrived, ends, sockets, server }
}

async function open(port: number) {
  const heard: number[] = []
  const lost: string[] = []
  const line: Line = await tcpLine({ host: '127.0.0.1', port })({
    read: bytes => void heard.push(...bytes),
    lost: why => void lost.push(why),
  })
  undo.push(() => line.close())
  return { line, heard, lost }
}

const every = Uint8Array.from({ length: 256 }, (_, byte) => byte)

test('all 256 values pass unchanged, both ways', async () => {
  const box = await converter()
  const { line, heard } = await open(box.port)
  line.write(every)
  await until(() => expect(box.arrived).toEqual([...every]))
  box.sockets[0]?.write(every)
  await until(() => expect(heard).toEqual([...every]))
})

test('a converter that refuses is refused in a sentence', async () => {
  const box = await converter()
  box.server.close()
  await expect(open(box.port)).rejects.toThrow(
    `127.0.0.1:${box.port} refuses connections: check the port, and that no other program holds the converter.`,
  )
})

test('a connection that the far end closes or breaks is lost, once', async () => {
  const box = await converter()
  const first = await open(box.port)
  const second = await open(box.port)
  await until(() => expect(box.sockets).toHaveLength(2))
  box.sockets[0]?.end()
  box.sockets[1]?.resetAndDestroy()
  await until(() => expect([...first.lost, ...second.lost]).toHaveLength(2))
  first.line.write(Uint8Array.of(1))
  first.line.close()
  expect(first.lost).toEqual([`127.0.0.1:${box.port} closed the connection.`])
  expect(second.lost).toEqual([`127.0.0.1:${box.port} broke the connection.`])
})

test('a closed line is reset, so that what is still under way is thrown away, and it tells nothing', async () => {
  const box = await converter()
  const { line, lost } = await open(box.port)
  await until(() => expect(box.sockets).toHaveLength(1))
  line.close()
  line.close()
  line.write(Uint8Array.of(1))
  await until(() => expect(box.ends).toEqual(['ECONNRESET']))
  expect(box.arrived).toEqual([])
  expect(lost).toEqual([])
})

test('a converter that takes no more bytes is lost by a deadline of ours', async () => {
  const box = await converter()
  const { line, lost } = await open(box.port)
  await until(() => expect(box.sockets).toHaveLength(1))
  box.sockets[0]?.pause()
  line.write(new Uint8Array(64 * 1_024 * 1_024))
  await until(() => expect(lost).toEqual([`127.0.0.1:${box.port} takes no more bytes.`]))
})
