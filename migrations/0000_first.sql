CREATE SEQUENCE "public"."stan" INCREMENT BY 1 MINVALUE 1 MAXVALUE 999999 START WITH 1 CACHE 1 CYCLE;--> statement-breakpoint
CREATE TABLE "api_keys" (
	"merchant_id" text NOT NULL,
	"id" text NOT NULL,
	"mode" text NOT NULL,
	"kind" text NOT NULL,
	"hash" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "api_keys_merchant_id_id_pk" PRIMARY KEY("merchant_id","id"),
	CONSTRAINT "api_keys_hash" UNIQUE("merchant_id","hash")
);
--> statement-breakpoint
CREATE TABLE "attempts" (
	"merchant_id" text NOT NULL,
	"id" text NOT NULL,
	"session_id" text NOT NULL,
	"payment_id" text NOT NULL,
	"method" text NOT NULL,
	"status" text NOT NULL,
	"phase" text,
	"failure" text,
	"failure_detail" text,
	"counts" boolean DEFAULT true NOT NULL,
	"token_id" text,
	"card_id" text,
	"brand" text,
	"last4" text,
	"exp_month" integer,
	"exp_year" integer,
	"cardholder_name" text,
	"email" text,
	"browser" jsonb,
	"created_at" timestamp (3) with time zone NOT NULL,
	"deadline_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "attempts_merchant_id_id_pk" PRIMARY KEY("merchant_id","id")
);
--> statement-breakpoint
CREATE TABLE "authentications" (
	"merchant_id" text NOT NULL,
	"trans_id" uuid NOT NULL,
	"attempt_id" text NOT NULL,
	"session_id" text NOT NULL,
	"version" text NOT NULL,
	"method_url" text,
	"method_completed_at" timestamp (3) with time zone,
	"acs_trans_id" text,
	"ds_trans_id" text,
	"acs_url" text,
	"trans_status" text,
	"reason" text,
	"eci" text,
	"authentication_value" text,
	"cardholder_info" text,
	"challenge_cancel" text,
	"challenged_at" timestamp (3) with time zone,
	"returned_at" timestamp (3) with time zone,
	"results_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "authentications_merchant_id_trans_id_pk" PRIMARY KEY("merchant_id","trans_id"),
	CONSTRAINT "authentications_attempt" UNIQUE("merchant_id","attempt_id")
);
--> statement-breakpoint
CREATE TABLE "card_range_loads" (
	"mode" text NOT NULL,
	"brand" text NOT NULL,
	"serial_number" text,
	"loaded_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "card_range_loads_mode_brand_pk" PRIMARY KEY("mode","brand")
);
--> statement-breakpoint
CREATE TABLE "card_ranges" (
	"mode" text NOT NULL,
	"brand" text NOT NULL,
	"range_start" text NOT NULL,
	"range_end" text NOT NULL,
	"acs_start" text NOT NULL,
	"acs_end" text NOT NULL,
	"ds_start" text NOT NULL,
	"ds_end" text NOT NULL,
	"method_url" text,
	CONSTRAINT "card_ranges_mode_brand_range_start_pk" PRIMARY KEY("mode","brand","range_start")
);
--> statement-breakpoint
CREATE TABLE "data_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"purpose" text NOT NULL,
	"wrapped" "bytea" NOT NULL,
	"state" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "deliveries" (
	"merchant_id" text NOT NULL,
	"id" text NOT NULL,
	"mode" text NOT NULL,
	"event_id" text NOT NULL,
	"endpoint_id" text NOT NULL,
	"try" integer NOT NULL,
	"status" text NOT NULL,
	"response_status" integer,
	"error" text,
	"next_try_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "deliveries_merchant_id_id_pk" PRIMARY KEY("merchant_id","id")
);
--> statement-breakpoint
CREATE TABLE "entries" (
	"merchant_id" text NOT NULL,
	"mode" text NOT NULL,
	"nonce" text NOT NULL,
	"payload_hash" "bytea" NOT NULL,
	"session_id" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "entries_merchant_id_mode_nonce_pk" PRIMARY KEY("merchant_id","mode","nonce")
);
--> statement-breakpoint
CREATE TABLE "events" (
	"merchant_id" text NOT NULL,
	"id" text NOT NULL,
	"mode" text NOT NULL,
	"session_id" text,
	"sequence" integer,
	"type" text NOT NULL,
	"timestamp" timestamp (3) with time zone NOT NULL,
	"payload" text NOT NULL,
	CONSTRAINT "events_merchant_id_id_pk" PRIMARY KEY("merchant_id","id"),
	CONSTRAINT "events_sequence" UNIQUE("merchant_id","session_id","sequence")
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"merchant_id" text NOT NULL,
	"mode" text NOT NULL,
	"key" text NOT NULL,
	"fingerprint" "bytea" NOT NULL,
	"work_id" text NOT NULL,
	"running_until" timestamp (3) with time zone,
	"response_status" integer,
	"response_headers" jsonb,
	"response_body" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_merchant_id_mode_key_pk" PRIMARY KEY("merchant_id","mode","key")
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "jobs_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"merchant_id" text,
	"mode" text,
	"name" text NOT NULL,
	"key" text NOT NULL,
	"payload" jsonb NOT NULL,
	"run_at" timestamp (3) with time zone NOT NULL,
	"clock" text NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	"leased_until" timestamp (3) with time zone,
	"last_error" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "jobs_key" UNIQUE("name","key")
);
--> statement-breakpoint
CREATE TABLE "merchant_secrets" (
	"merchant_id" text NOT NULL,
	"id" text NOT NULL,
	"mode" text NOT NULL,
	"kind" text NOT NULL,
	"sealed" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone,
	CONSTRAINT "merchant_secrets_merchant_id_id_pk" PRIMARY KEY("merchant_id","id")
);
--> statement-breakpoint
CREATE TABLE "merchants" (
	"merchant_id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"url" text NOT NULL,
	"mcc" text NOT NULL,
	"acquirer_bin" text NOT NULL,
	"acquirer_merchant_id" text NOT NULL,
	"settings" jsonb NOT NULL,
	"test_clock_offset_ms" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "operations" (
	"merchant_id" text NOT NULL,
	"id" text NOT NULL,
	"session_id" text NOT NULL,
	"payment_id" text NOT NULL,
	"attempt_id" text,
	"kind" text NOT NULL,
	"amount" bigint NOT NULL,
	"status" text NOT NULL,
	"terminal" text NOT NULL,
	"stan" text NOT NULL,
	"rrn" text NOT NULL,
	"transmitted_at" timestamp (3) with time zone NOT NULL,
	"sends" integer DEFAULT 0 NOT NULL,
	"response_code" text,
	"approval_code" text,
	"original_id" text,
	"reason" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"settled_at" timestamp (3) with time zone,
	CONSTRAINT "operations_merchant_id_id_pk" PRIMARY KEY("merchant_id","id"),
	CONSTRAINT "operations_amount" CHECK (amount > 0)
);
--> statement-breakpoint
CREATE TABLE "payments" (
	"merchant_id" text NOT NULL,
	"id" text NOT NULL,
	"mode" text NOT NULL,
	"session_id" text NOT NULL,
	"order_id" text NOT NULL,
	"status" text NOT NULL,
	"method" text NOT NULL,
	"amount" bigint NOT NULL,
	"currency" text NOT NULL,
	"amount_captured" bigint DEFAULT 0 NOT NULL,
	"amount_refunded" bigint DEFAULT 0 NOT NULL,
	"amount_refunding" bigint DEFAULT 0 NOT NULL,
	"capture" text NOT NULL,
	"late" boolean DEFAULT false NOT NULL,
	"duplicate" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"authorized_at" timestamp (3) with time zone,
	"captured_at" timestamp (3) with time zone,
	"capture_before" timestamp (3) with time zone,
	CONSTRAINT "payments_merchant_id_id_pk" PRIMARY KEY("merchant_id","id"),
	CONSTRAINT "payments_amount" CHECK (amount > 0),
	CONSTRAINT "payments_captured" CHECK (amount_captured between 0 and amount),
	CONSTRAINT "payments_refunded" CHECK (amount_refunded >= 0 and amount_refunding >= 0),
	CONSTRAINT "payments_refunds_within_capture" CHECK (amount_refunded + amount_refunding <= amount_captured)
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"merchant_id" text NOT NULL,
	"id" text NOT NULL,
	"mode" text NOT NULL,
	"token" text NOT NULL,
	"order_id" text NOT NULL,
	"amount" bigint NOT NULL,
	"currency" text NOT NULL,
	"description" text,
	"line_items" jsonb,
	"methods" text[] NOT NULL,
	"capture" text NOT NULL,
	"return_url" text NOT NULL,
	"cancel_url" text,
	"return_method" text NOT NULL,
	"customer" jsonb NOT NULL,
	"locale" text NOT NULL,
	"number_expires_days" integer NOT NULL,
	"max_attempts" integer NOT NULL,
	"card" jsonb NOT NULL,
	"metadata" jsonb NOT NULL,
	"status" text NOT NULL,
	"ended_reason" text,
	"replaced_by" text,
	"version" integer NOT NULL,
	"sequence" integer NOT NULL,
	"ending_event_id" text,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "sessions_merchant_id_id_pk" PRIMARY KEY("merchant_id","id"),
	CONSTRAINT "sessions_token" UNIQUE("merchant_id","token"),
	CONSTRAINT "sessions_amount" CHECK (amount > 0)
);
--> statement-breakpoint
CREATE TABLE "tokens" (
	"merchant_id" text NOT NULL,
	"id" text NOT NULL,
	"mode" text NOT NULL,
	"card_id" text NOT NULL,
	"brand" text NOT NULL,
	"last4" text NOT NULL,
	"exp_month" integer NOT NULL,
	"exp_year" integer NOT NULL,
	"cardholder_name" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone,
	CONSTRAINT "tokens_merchant_id_id_pk" PRIMARY KEY("merchant_id","id")
);
--> statement-breakpoint
CREATE TABLE "vault_cards" (
	"merchant_id" text NOT NULL,
	"id" text NOT NULL,
	"key_id" text NOT NULL,
	"sealed" "bytea" NOT NULL,
	"fingerprint" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"purge_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "vault_cards_merchant_id_id_pk" PRIMARY KEY("merchant_id","id")
);
--> statement-breakpoint
CREATE UNLOGGED TABLE "vault_security_codes" (
	"merchant_id" text NOT NULL,
	"card_id" text NOT NULL,
	"key_id" text NOT NULL,
	"sealed" "bytea" NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "vault_security_codes_merchant_id_card_id_pk" PRIMARY KEY("merchant_id","card_id")
);
--> statement-breakpoint
CREATE TABLE "webhook_endpoints" (
	"merchant_id" text NOT NULL,
	"id" text NOT NULL,
	"mode" text NOT NULL,
	"url" text NOT NULL,
	"events" text[],
	"status" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "webhook_endpoints_merchant_id_id_pk" PRIMARY KEY("merchant_id","id")
);
--> statement-breakpoint
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_merchant_id_session_id_sessions_merchant_id_id_fk" FOREIGN KEY ("merchant_id","session_id") REFERENCES "public"."sessions"("merchant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_merchant_id_payment_id_payments_merchant_id_id_fk" FOREIGN KEY ("merchant_id","payment_id") REFERENCES "public"."payments"("merchant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "authentications" ADD CONSTRAINT "authentications_merchant_id_attempt_id_attempts_merchant_id_id_fk" FOREIGN KEY ("merchant_id","attempt_id") REFERENCES "public"."attempts"("merchant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_merchant_id_event_id_events_merchant_id_id_fk" FOREIGN KEY ("merchant_id","event_id") REFERENCES "public"."events"("merchant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "operations" ADD CONSTRAINT "operations_merchant_id_payment_id_payments_merchant_id_id_fk" FOREIGN KEY ("merchant_id","payment_id") REFERENCES "public"."payments"("merchant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_merchant_id_session_id_sessions_merchant_id_id_fk" FOREIGN KEY ("merchant_id","session_id") REFERENCES "public"."sessions"("merchant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "attempts_one_in_flight" ON "attempts" USING btree ("merchant_id","session_id") WHERE status = 'in_progress';--> statement-breakpoint
CREATE UNIQUE INDEX "attempts_one_success" ON "attempts" USING btree ("merchant_id","session_id") WHERE status = 'succeeded';--> statement-breakpoint
CREATE INDEX "attempts_session" ON "attempts" USING btree ("merchant_id","session_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "data_keys_one_active" ON "data_keys" USING btree ("purpose") WHERE state = 'active';--> statement-breakpoint
CREATE INDEX "deliveries_newest" ON "deliveries" USING btree ("merchant_id","mode","id");--> statement-breakpoint
CREATE INDEX "events_newest" ON "events" USING btree ("merchant_id","mode","id");--> statement-breakpoint
CREATE INDEX "idempotency_keys_age" ON "idempotency_keys" USING btree ("merchant_id","created_at");--> statement-breakpoint
CREATE INDEX "jobs_due" ON "jobs" USING btree ("run_at");--> statement-breakpoint
CREATE INDEX "jobs_merchant" ON "jobs" USING btree ("merchant_id","mode");--> statement-breakpoint
CREATE UNIQUE INDEX "operations_one_running" ON "operations" USING btree ("merchant_id","payment_id") WHERE status = 'pending' and kind in ('sale', 'authorize', 'capture', 'void');--> statement-breakpoint
CREATE UNIQUE INDEX "operations_one_reversal" ON "operations" USING btree ("merchant_id","original_id") WHERE kind = 'reversal';--> statement-breakpoint
CREATE INDEX "operations_payment" ON "operations" USING btree ("merchant_id","payment_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "payments_one_per_session" ON "payments" USING btree ("merchant_id","session_id") WHERE not duplicate;--> statement-breakpoint
CREATE UNIQUE INDEX "payments_one_per_order" ON "payments" USING btree ("merchant_id","mode","order_id") WHERE not duplicate and status in ('requires_action', 'processing', 'awaiting_payment', 'authorized', 'captured',
          'partially_refunded', 'refunded');--> statement-breakpoint
CREATE INDEX "payments_newest" ON "payments" USING btree ("merchant_id","mode","id");--> statement-breakpoint
CREATE INDEX "payments_order" ON "payments" USING btree ("merchant_id","mode","order_id");--> statement-breakpoint
CREATE UNIQUE INDEX "sessions_one_open_per_order" ON "sessions" USING btree ("merchant_id","mode","order_id") WHERE status = 'open';--> statement-breakpoint
CREATE INDEX "sessions_order" ON "sessions" USING btree ("merchant_id","mode","order_id","id");--> statement-breakpoint
CREATE INDEX "tokens_expiry" ON "tokens" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "vault_cards_fingerprint" ON "vault_cards" USING btree ("merchant_id","fingerprint");--> statement-breakpoint
CREATE INDEX "vault_cards_purge" ON "vault_cards" USING btree ("purge_at");