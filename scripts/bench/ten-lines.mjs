// What somebody would write in ten lines, with no journal and no checks: the floor.
import mqtt from 'mqtt'
import { SerialPort } from 'serialport'

const [url, path] = process.argv.slice(2)
const port = new SerialPort({ path, baudRate: 9600 })
const client = mqtt.connect(url, { queueQoSZero: false })
client.on('connect', async () => {
  client.stream.setNoDelay(true)
  await client.subscribeAsync('script/do', { qos: 1 })
  client.publish('script/ready', '')
})
client.on('message', (_topic, [lock]) =>
  port.write(Buffer.from([0x8a, 1, lock, 0x11, 0x8a ^ 1 ^ lock ^ 0x11])),
)
port.on('data', ([head, , lock, state]) => {
  if (head === 0x8a) port.write(Buffer.from([0x80, 1, lock, 0x33, 0x80 ^ 1 ^ lock ^ 0x33]))
  else if (state === 0) client.publish('script/event', `open ${lock}`, { qos: 1 })
})
