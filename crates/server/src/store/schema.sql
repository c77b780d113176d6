-- Version 1. Times are milliseconds since 1970 UTC, amounts are minor units.

-- What is being paid, and where its verdict stands. `version` names the current row of `snapshots`.
CREATE TABLE transactions (
    id              TEXT    NOT NULL PRIMARY KEY,
    merchant        TEXT    NOT NULL,
    order_reference TEXT    NOT NULL,
    merchant_name   TEXT,
    payer_account   TEXT,
    payout_account  TEXT,
    amount_minor    INTEGER NOT NULL CHECK (amount_minor >= 1),
    currency        TEXT    NOT NULL,
    created_ms      INTEGER NOT NULL,
    expires_ms      INTEGER NOT NULL,
    version         INTEGER NOT NULL,
    state           TEXT    NOT NULL,
    final           INTEGER NOT NULL,
    reason          TEXT    NOT NULL,
    -- Grows with every commit; support's change feed reads above the number it has seen.
    feed            INTEGER NOT NULL UNIQUE,
    -- When the server's own clock has something to report; NULL if never.
    clock_due_ms    INTEGER
) STRICT;
CREATE INDEX transactions_order_reference ON transactions (order_reference);
CREATE INDEX transactions_clock_due ON transactions (clock_due_ms) WHERE clock_due_ms IS NOT NULL;

-- What was said: the text as received, and the columns that the rules read.
CREATE TABLE reports (
    seq            INTEGER PRIMARY KEY AUTOINCREMENT,
    source         TEXT    NOT NULL,
    id             TEXT    NOT NULL,
    transaction_id TEXT    NOT NULL REFERENCES transactions (id),
    attempt        TEXT    NOT NULL,
    return_id      TEXT    NOT NULL,
    leg            TEXT    NOT NULL,
    outcome        TEXT    NOT NULL,
    code_scheme    TEXT,
    code_family    TEXT,
    code_value     TEXT,
    amount_minor   INTEGER,
    at_ms          INTEGER NOT NULL,
    raw            TEXT    NOT NULL,
    received_ms    INTEGER NOT NULL,
    -- The transaction's version right after the commit that stored this report: what was acknowledged.
    version        INTEGER NOT NULL,
    UNIQUE (source, id)
) STRICT;
CREATE INDEX reports_transaction ON reports (transaction_id, seq);

-- The exact bytes of every version that was ever served.
CREATE TABLE snapshots (
    transaction_id TEXT    NOT NULL REFERENCES transactions (id),
    version        INTEGER NOT NULL,
    state          TEXT    NOT NULL,
    body           BLOB    NOT NULL,
    sha256         BLOB    NOT NULL,
    created_ms     INTEGER NOT NULL,
    PRIMARY KEY (transaction_id, version)
) STRICT;

-- Who may look: the SHA-256 of each token.
CREATE TABLE tokens (
    sha256         BLOB    NOT NULL PRIMARY KEY,
    transaction_id TEXT    NOT NULL REFERENCES transactions (id),
    party          TEXT    NOT NULL,
    expires_ms     INTEGER NOT NULL,
    revoked_ms     INTEGER
) STRICT;
CREATE INDEX tokens_transaction ON tokens (transaction_id, party);

-- `private` is erased when a key is retired.
CREATE TABLE signing_keys (
    kid        TEXT    NOT NULL PRIMARY KEY,
    public     BLOB    NOT NULL,
    private    BLOB,
    created_ms INTEGER NOT NULL,
    retired_ms INTEGER
) STRICT;

-- Written by /health/ready.
CREATE TABLE probe (
    id    INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    at_ms INTEGER NOT NULL
) STRICT;

-- What was said and what was served is evidence: it is added to, never changed.
CREATE TRIGGER reports_are_facts BEFORE UPDATE ON reports
    BEGIN SELECT RAISE(ABORT, 'a report is never changed'); END;
CREATE TRIGGER reports_stay BEFORE DELETE ON reports
    BEGIN SELECT RAISE(ABORT, 'a report is never deleted'); END;
CREATE TRIGGER snapshots_are_facts BEFORE UPDATE ON snapshots
    BEGIN SELECT RAISE(ABORT, 'a snapshot is never changed'); END;
CREATE TRIGGER snapshots_stay BEFORE DELETE ON snapshots
    BEGIN SELECT RAISE(ABORT, 'a snapshot is never deleted'); END;
