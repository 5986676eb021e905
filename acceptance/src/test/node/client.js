// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
//
// rhea over WebSocket, one command per run, one JSON object on standard output:
//   client.js story TOPIC QUEUE BODY   publish, reject once, accept the redelivery
//   client.js publish TOPIC BYTES      what became of one message
//   client.js consume QUEUE            what became of one receiver
// Environment: WEFT_URI (ws:// or wss://), WEFT_TOKEN.
import rhea from 'rhea';
import WebSocket from 'ws';

const [command, ...args] = process.argv.slice(2);
const timeoutMillis = 30_000;

const container = rhea.create_container();
const connect = container.websocket_connect(WebSocket);
const connection = container.connect({
  connection_details: connect(process.env.WEFT_URI, ['amqp'], {
    headers: { Authorization: `Bearer ${process.env.WEFT_TOKEN}` },
  }),
  username: 'anonymous',
  reconnect: false,
});

const timer = setTimeout(() => fail(`no end of ${command} within ${timeoutMillis} ms`), timeoutMillis);
container.on('disconnected', (context) => fail(`disconnected: ${context.error ?? ''}`));
container.on('connection_error', (context) => fail(String(context.connection.error)));

function finish(result) {
  clearTimeout(timer);
  console.log(JSON.stringify(result));
  container.removeAllListeners('disconnected');
  connection.close();
}

function fail(reason) {
  console.error(reason);
  process.exit(1);
}

/** Sends once there is credit; hears what the broker made of it. */
function publish(topic, body, told) {
  const sender = connection.open_sender(`topic:${topic}`);
  sender.once('sendable', () =>
    sender.send({
      to: `topic:${topic}`,
      durable: true,
      content_type: 'application/json',
      body: rhea.message.data_section(body),
    }),
  );
  sender.once('accepted', () => told('accepted'));
  sender.once('rejected', (context) => told(context.delivery.remote_state.error.condition));
  sender.once('sender_error', (context) => told(context.sender.error.condition));
}

function story(topic, queue, body) {
  const attempts = [];
  const receiver = connection.open_receiver({
    source: { address: `queue:${queue}` },
    autoaccept: false,
    credit_window: 1,
  });
  receiver.on('receiver_error', (context) => fail(String(context.receiver.error)));
  receiver.on('message', ({ message, delivery }) => {
    attempts.push({
      deliveryCount: message.delivery_count ?? 0,
      body: message.body.content.toString(),
      to: message.to,
      subject: message.subject,
    });
    if (attempts.length === 1) {
      delivery.reject({ condition: 'amqp:internal-error', description: 'processing failed' });
    } else {
      delivery.accept();
      finish({ attempts });
    }
  });
  publish(topic, Buffer.from(body), (outcome) => {
    if (outcome !== 'accepted') fail(outcome);
  });
}

function consume(queue) {
  const receiver = connection.open_receiver({ source: { address: `queue:${queue}` } });
  receiver.once('receiver_error', (context) => finish({ outcome: context.receiver.error.condition }));
  // A refusal is an attach without a source, and then a detach that says why.
  receiver.once('receiver_open', (context) => {
    if (context.receiver.source?.address) finish({ outcome: 'attached' });
  });
}

connection.once('connection_open', () => {
  switch (command) {
    case 'story':
      return story(...args);
    case 'publish':
      return publish(args[0], Buffer.alloc(Number(args[1]), 'x'), (outcome) => finish({ outcome }));
    case 'consume':
      return consume(args[0]);
    default:
      return fail(`unknown command ${command}`);
  }
});
