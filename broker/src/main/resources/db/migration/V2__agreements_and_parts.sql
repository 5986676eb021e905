-- SPDX-FileCopyrightText: 2026 The Weft authors
-- SPDX-License-Identifier: Apache-2.0

-- Whether the receiver agreed in the last handshake: a restart need not ask it again.
alter table webhook_subscription add column agreed boolean default false not null;

-- Parts of the landscape that belong to guests, for example systems: kept here, read by them alone.
create table landscape_part (
  kind      varchar(30)     not null,
  name      varchar(100)    not null,
  document  varchar(65536)  not null,
  primary key (kind, name)
);
