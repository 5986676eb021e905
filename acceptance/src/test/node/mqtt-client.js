// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
//
// MQTT.js over WebSocket, one command per run, one JSON object on standard output:
//   mqtt-client.js publish TOPIC QOS RETAIN BODY             what became of one message
//   mqtt-client.js subscribe FILTER QOS                      what was granted
//   mqtt-client.js echo FILTER QOS TOPIC BODY COUNT          subscribe, publish, hear so many
//   mqtt-client.js leave CLIENT_ID FILTER                    a session that stays, and its end
//   mqtt-client.js return CLIENT_ID COUNT                    come back to it, hear so many
// BODY is text:…, base64:…, zeros:LENGTH or letters:LENGTH.
// Environment: WEFT_URI (ws:// or wss://), WEFT_TOKEN.
import mqtt from 'mqtt';

const [command, ...args] = process.argv.slice(2);
const timeoutMillis = 30_000;
// MQTT.js acknowledges a message after it was told; one that comes again would come at once.
const settleMillis = 300;
const stays = command === 'leave' || command === 'return';
const heard = [];
let told = () => {};

const client = mqtt.connect(process.env.WEFT_URI, {
  protocolVersion: 4,
  clientId: stays ? args[0] : '',
  clean: !stays,
  reconnectPeriod: 0,
  wsOptions: { headers: { Authorization: `Bearer ${process.env.WEFT_TOKEN}` } },
});

const timer = setTimeout(() => fail(`no end of ${command} within ${timeoutMillis} ms`), timeoutMillis);
client.on('error', (error) => fail(String(error)));
client.on('message', (topic, payload, packet) => {
  heard.push({ topic, body: payload.toString(), qos: packet.qos, retained: packet.retain });
  told();
});

function finish(result) {
  clearTimeout(timer);
  console.log(JSON.stringify(result));
  client.end(false);
}

function fail(reason) {
  console.error(reason);
  process.exit(1);
}

function body(text) {
  const [kind, value] = [text.slice(0, text.indexOf(':')), text.slice(text.indexOf(':') + 1)];
  switch (kind) {
    case 'base64':
      return Buffer.from(value, 'base64');
    case 'zeros':
      return Buffer.alloc(Number(value));
    case 'letters':
      return Buffer.alloc(Number(value), 'x');
    default:
      return Buffer.from(value);
  }
}

function hear(count, then) {
  told = () => {
    if (heard.length >= count) {
      told = () => {};
      setTimeout(then, settleMillis);
    }
  };
  told();
}

/** The granted QoS; MQTT.js calls a refusal an error. */
async function subscribe(filter, qos) {
  try {
    const granted = await client.subscribeAsync(filter, { qos });
    return granted[0].qos;
  } catch (error) {
    return error.code === 128 || /128|Unspecified/.test(String(error.message)) ? 128 : fail(String(error));
  }
}

async function run(connack) {
  switch (command) {
    case 'publish': {
      client.on('close', () => finish({ outcome: 'closed' }));
      const options = { qos: Number(args[1]), retain: args[2] === 'true' };
      await client.publishAsync(args[0], body(args[3]), options);
      client.removeAllListeners('close');
      return finish({ outcome: 'acknowledged' });
    }
    case 'subscribe':
      return finish({ granted: await subscribe(args[0], Number(args[1])) });
    case 'echo':
      await subscribe(args[0], Number(args[1]));
      await client.publishAsync(args[2], body(args[3]), { qos: 1 });
      return hear(Number(args[4]), () => finish({ heard }));
    case 'leave':
      return finish({ granted: await subscribe(args[1], 1) });
    case 'return':
      return hear(Number(args[1]), () => finish({ sessionPresent: connack.sessionPresent, heard }));
    default:
      return fail(`unknown command ${command}`);
  }
}

client.once('connect', run);
