# SPDX-FileCopyrightText: 2026 The Weft authors
# SPDX-License-Identifier: Apache-2.0
"""Qpid Proton over plain TCP with SASL PLAIN, one command per run, one JSON object on standard output.

client.py story TOPIC QUEUE BODY   publish, reject once, accept the redelivery
client.py publish TOPIC BYTES      what became of one message
client.py consume QUEUE            what became of one receiver
client.py connect                  what became of the connection
Environment: WEFT_URI (amqp://host:port), WEFT_USER, WEFT_PASSWORD.
"""
import json
import os
import sys

from proton import ConnectionException, Message
from proton.utils import BlockingConnection, LinkDetached

TIMEOUT_SECONDS = 30


def publish(connection, topic, body):
    """What the broker made of the message: accepted, or the condition of its refusal."""
    sender = connection.create_sender("topic:" + topic)
    message = Message(
        address="topic:" + topic, durable=True, content_type="application/json", body=body, inferred=True
    )
    try:
        delivery = sender.send(message, error_states=[])
    except LinkDetached as refusal:
        return refusal.condition
    condition = delivery.remote.condition
    return condition.name if condition else "accepted"


def story(connection, topic, queue, body):
    receiver = connection.create_receiver("queue:" + queue, credit=1)
    outcome = publish(connection, topic, body.encode())
    if outcome != "accepted":
        raise RuntimeError(outcome)
    attempts = []
    for settle in (receiver.reject, receiver.accept):
        message = receiver.receive(timeout=TIMEOUT_SECONDS)
        attempts.append(
            {
                "deliveryCount": message.delivery_count,
                "body": bytes(message.body).decode(),
                "to": message.address,
                "subject": message.subject,
            }
        )
        settle()
    receiver.close()
    return {"attempts": attempts}


def consume(connection, queue):
    try:
        connection.create_receiver("queue:" + queue)
    except LinkDetached as refusal:
        return refusal.condition
    return "attached"


def run(command, *args):
    try:
        connection = BlockingConnection(
            os.environ["WEFT_URI"],
            timeout=TIMEOUT_SECONDS,
            user=os.environ["WEFT_USER"],
            password=os.environ["WEFT_PASSWORD"],
            sasl_enabled=True,
            allowed_mechs="PLAIN",
            reconnect=False,
        )
    except ConnectionException as refusal:
        if command == "connect":
            return {"outcome": str(refusal)}
        raise
    try:
        if command == "story":
            return story(connection, *args)
        if command == "publish":
            return {"outcome": publish(connection, args[0], b"x" * int(args[1]))}
        if command == "consume":
            return {"outcome": consume(connection, args[0])}
        if command == "connect":
            return {"outcome": "connected"}
        raise ValueError(command)
    finally:
        connection.close()


if __name__ == "__main__":
    print(json.dumps(run(*sys.argv[1:])))
