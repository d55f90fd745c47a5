ALTER TABLE "payments" ADD COLUMN "expiry_told_at" timestamp (3) with time zone;
--> statement-breakpoint
-- Holds that stand already get the job that warns of their lapse and releases them; it finds out itself when that is.
INSERT INTO "jobs" ("merchant_id", "mode", "name", "key", "payload", "run_at", "clock", "created_at")
SELECT "merchant_id", "mode", 'watch_hold', "session_id", jsonb_build_object('merchant_id', "merchant_id", 'session_id', "session_id"), now(), 'merchant', now()
FROM "payments" WHERE "status" = 'authorized' AND "capture_before" IS NOT NULL
ON CONFLICT DO NOTHING;
