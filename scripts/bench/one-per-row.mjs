// What somebody would write to empty a queue: one QoS 1 publish a row, sixteen in flight.
import mqtt from 'mqtt'

const [url, rows] = process.argv.slice(2)
const entry = { type: 'door-opened', compartment: 'D0-1', order: 'o1234' }
const client = mqtt.connect(url, { clientId: 'peer' })
let sent = 0
async function send() {
  while (sent < Number(rows))
    await client.publishAsync('peer', JSON.stringify({ seq: ++sent, at: Date.now(), entry }), { qos: 1 })
}
client.once('connect', async () => {
  client.stream.setNoDelay(true)
  await Promise.all(Array.from({ length: 16 }, send))
  await client.endAsync()
})
