-- Version 3. Creating a transaction once, however often the request is repeated.

-- SHA-256 of the merchant's idempotency key and of the order that came with it. NULL: created without one.
ALTER TABLE transactions ADD COLUMN idempotency_key BLOB;
ALTER TABLE transactions ADD COLUMN order_sha256 BLOB;
CREATE UNIQUE INDEX transactions_idempotency_key ON transactions (merchant, idempotency_key)
    WHERE idempotency_key IS NOT NULL;
