-- Version 2. Handing a transaction over to another device.

-- Who handed it over, where the token came by a hand-over: such a token only views. NULL for every other token.
ALTER TABLE tokens ADD COLUMN handed_by TEXT;

-- Codes that wait to be opened: the SHA-256 of each. Opening one deletes its row.
CREATE TABLE handovers (
    sha256         BLOB    NOT NULL PRIMARY KEY,
    transaction_id TEXT    NOT NULL REFERENCES transactions (id),
    party          TEXT    NOT NULL,
    handed_by      TEXT    NOT NULL,
    expires_ms     INTEGER NOT NULL
) STRICT;
CREATE INDEX handovers_transaction ON handovers (transaction_id, party);
CREATE INDEX handovers_expires ON handovers (expires_ms);
CREATE INDEX tokens_viewers_expire ON tokens (expires_ms) WHERE handed_by IS NOT NULL;
