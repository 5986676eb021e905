-- SPDX-FileCopyrightText: 2026 The Weft authors
-- SPDX-License-Identifier: Apache-2.0

-- What exists: instances, keys, queues, subscriptions, webhooks. Messages never come here.
-- Columns named sealed_* hold ciphertext; nothing here holds a secret in clear.

create table service_instance (
  id          varchar(36)     not null primary key,
  name        varchar(100)    not null unique,
  emname      varchar(100)    not null unique,
  namespace   varchar(63)     not null unique,
  descriptor  varchar(65536)  not null
);

create table service_key (
  instance_id        varchar(36)      not null references service_instance (id) on delete cascade,
  name               varchar(100)     not null,
  client_id          varchar(200)     not null unique,
  sealed_secret      varbinary(4096)  not null,
  created_at_millis  bigint           not null,
  primary key (instance_id, name)
);

create table signing_key (
  id                  varchar(64)      not null primary key,
  sealed_private_key  varbinary(8192)  not null,
  created_at_millis   bigint           not null
);

-- deleting: a tombstone. The queue is gone for everybody, its messages may still be in the engine.
create table queue (
  name         varchar(164)   not null primary key,
  instance_id  varchar(36)    not null references service_instance (id),
  settings     varchar(8192)  not null,
  deleting     boolean        not null
);

create table queue_subscription (
  queue    varchar(164)  not null references queue (name) on delete cascade,
  pattern  varchar(150)  not null,
  primary key (queue, pattern)
);

create table webhook_subscription (
  instance_id  varchar(36)       not null references service_instance (id),
  name         varchar(255)      not null,
  queue        varchar(164)      not null references queue (name) on delete cascade,
  document     varchar(65536)    not null,
  sealed_auth  varbinary(32768)  not null,
  paused       boolean           not null,
  primary key (instance_id, name)
);
