-- SPDX-FileCopyrightText: The Writ authors
-- SPDX-License-Identifier: Apache-2.0

-- One text for SQLite and PostgreSQL: TEXT, BIGINT, BOOLEAN, BLOB (BYTEA there). Times are TEXT as
-- statements write them: they sort as text, and "" is none.

-- What the case is: origin, key, and a digest by which the key of its secrets is known.
CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

-- The log: its leaves, and the hashes of its tree by their stored index.
CREATE TABLE leaf (
  idx BIGINT PRIMARY KEY,
  entry BLOB NOT NULL
);
CREATE TABLE node (
  idx BIGINT PRIMARY KEY,
  hash BLOB NOT NULL
);
-- Checkpoints that were published.
CREATE TABLE checkpoint (
  size BIGINT PRIMARY KEY,
  note BLOB NOT NULL
);

-- bytes is NULL where the statement was erased; stub then says what is left.
CREATE TABLE statement (
  idx BIGINT PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,
  content TEXT NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  bytes BLOB,
  stub BLOB
);
CREATE INDEX statement_content ON statement (content, idx);
CREATE INDEX statement_subject ON statement (subject, kind, idx);

-- salt and body are NULL where the payload was erased.
CREATE TABLE payload (
  idx BIGINT PRIMARY KEY,
  salt BLOB,
  body BLOB
);

-- Which subject a keyed digest of an address or a name means. It is no projection: no statement holds
-- it, so that it can be erased. mac binds the row to the case.
CREATE TABLE identity (
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  id TEXT NOT NULL,
  mac TEXT NOT NULL,
  PRIMARY KEY (kind, name)
);

-- Artefacts that the case keeps.
CREATE TABLE kept (
  sha256 TEXT PRIMARY KEY,
  size BIGINT NOT NULL
);

-- Projections: made of statements alone, and made again by rebuild.
CREATE TABLE artefact (
  sha256 TEXT PRIMARY KEY,
  idx BIGINT NOT NULL,
  media TEXT NOT NULL,
  size BIGINT NOT NULL,
  packets BIGINT NOT NULL
);
CREATE TABLE member (
  subject TEXT PRIMARY KEY,
  product TEXT NOT NULL,
  maker TEXT NOT NULL,
  runner TEXT NOT NULL,
  own BOOLEAN NOT NULL,
  seen TEXT NOT NULL,
  first_idx BIGINT NOT NULL,
  last_idx BIGINT NOT NULL
);
CREATE TABLE latest (
  subject TEXT NOT NULL,
  fact TEXT NOT NULL,
  observed_at TEXT NOT NULL,
  idx BIGINT NOT NULL,
  PRIMARY KEY (subject, fact)
);
