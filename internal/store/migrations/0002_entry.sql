-- SPDX-FileCopyrightText: The Writ authors
-- SPDX-License-Identifier: Apache-2.0

-- Projections: what people entered, by its form; and what withdrawals took back, by name.
CREATE TABLE entry (
  idx BIGINT PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,
  form TEXT NOT NULL,
  subject TEXT NOT NULL
);
CREATE INDEX entry_form ON entry (form, idx);
CREATE TABLE taken (
  digest TEXT NOT NULL,
  by_digest TEXT NOT NULL,
  PRIMARY KEY (digest, by_digest)
);
