CREATE TABLE "audit_entries" (
	"merchant_id" text NOT NULL,
	"sequence" bigint NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"mode" text,
	"actor" jsonb NOT NULL,
	"action" text NOT NULL,
	"outcome" text NOT NULL,
	"origin" text,
	"target" text,
	"details" jsonb NOT NULL,
	"previous_hash" "bytea" NOT NULL,
	"hash" "bytea" NOT NULL,
	"signature" "bytea" NOT NULL,
	"key_id" text NOT NULL,
	CONSTRAINT "audit_entries_merchant_id_sequence_pk" PRIMARY KEY("merchant_id","sequence")
);
--> statement-breakpoint
CREATE TABLE "link_orders" (
	"merchant_id" text NOT NULL,
	"session_id" text NOT NULL,
	"link_id" text NOT NULL,
	"choice" text,
	"quantity" integer NOT NULL,
	"unit_amount" bigint NOT NULL,
	"answers" jsonb NOT NULL,
	"status" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"settled_at" timestamp (3) with time zone,
	CONSTRAINT "link_orders_merchant_id_session_id_pk" PRIMARY KEY("merchant_id","session_id"),
	CONSTRAINT "link_orders_quantity" CHECK (quantity > 0)
);
--> statement-breakpoint
CREATE TABLE "logins" (
	"merchant_id" text NOT NULL,
	"id" text NOT NULL,
	"hash" "bytea" NOT NULL,
	"user_id" text NOT NULL,
	"stage" text NOT NULL,
	"mode" text NOT NULL,
	"user_agent" text NOT NULL,
	"ip" text,
	"challenge" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"seen_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "logins_merchant_id_id_pk" PRIMARY KEY("merchant_id","id"),
	CONSTRAINT "logins_hash" UNIQUE("merchant_id","hash")
);
--> statement-breakpoint
CREATE TABLE "passkeys" (
	"merchant_id" text NOT NULL,
	"id" text NOT NULL,
	"user_id" text NOT NULL,
	"public_key" "bytea" NOT NULL,
	"counter" bigint NOT NULL,
	"transports" text[] NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"last_used_at" timestamp (3) with time zone,
	CONSTRAINT "passkeys_merchant_id_id_pk" PRIMARY KEY("merchant_id","id")
);
--> statement-breakpoint
CREATE TABLE "payment_links" (
	"merchant_id" text NOT NULL,
	"id" text NOT NULL,
	"mode" text NOT NULL,
	"slug" text NOT NULL,
	"status" text NOT NULL,
	"settings" jsonb NOT NULL,
	"stock" integer,
	"taken" integer DEFAULT 0 NOT NULL,
	"version" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"created_by" text,
	CONSTRAINT "payment_links_merchant_id_id_pk" PRIMARY KEY("merchant_id","id"),
	CONSTRAINT "payment_links_slug" UNIQUE("merchant_id","slug"),
	CONSTRAINT "payment_links_taken" CHECK (taken >= 0 and (stock is null or taken <= stock))
);
--> statement-breakpoint
CREATE TABLE "payment_requests" (
	"merchant_id" text NOT NULL,
	"id" text NOT NULL,
	"mode" text NOT NULL,
	"token" text NOT NULL,
	"batch_id" text,
	"row" integer,
	"order_id" text NOT NULL,
	"amount" bigint NOT NULL,
	"currency" text NOT NULL,
	"description" text,
	"line_items" jsonb,
	"customer_name" text,
	"email" text,
	"language" text NOT NULL,
	"message" text,
	"methods" text[],
	"status" text NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"send_at" timestamp (3) with time zone,
	"remind_days" integer[] NOT NULL,
	"sends" integer DEFAULT 0 NOT NULL,
	"sent_at" timestamp (3) with time zone,
	"opened_at" timestamp (3) with time zone,
	"paid_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"session_id" text,
	"version" integer DEFAULT 0 NOT NULL,
	"metadata" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"created_by" text,
	CONSTRAINT "payment_requests_merchant_id_id_pk" PRIMARY KEY("merchant_id","id"),
	CONSTRAINT "payment_requests_token" UNIQUE("merchant_id","token"),
	CONSTRAINT "payment_requests_amount" CHECK (amount > 0)
);
--> statement-breakpoint
CREATE TABLE "request_batches" (
	"merchant_id" text NOT NULL,
	"id" text NOT NULL,
	"mode" text NOT NULL,
	"name" text NOT NULL,
	"digest" "bytea" NOT NULL,
	"rows" integer NOT NULL,
	"send" boolean NOT NULL,
	"imported" integer DEFAULT 0 NOT NULL,
	"content" jsonb,
	"created_at" timestamp (3) with time zone NOT NULL,
	"created_by" text,
	"finished_at" timestamp (3) with time zone,
	CONSTRAINT "request_batches_merchant_id_id_pk" PRIMARY KEY("merchant_id","id"),
	CONSTRAINT "request_batches_digest" UNIQUE("merchant_id","mode","digest")
);
--> statement-breakpoint
CREATE TABLE "request_templates" (
	"merchant_id" text NOT NULL,
	"id" text NOT NULL,
	"name" text NOT NULL,
	"texts" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "request_templates_merchant_id_id_pk" PRIMARY KEY("merchant_id","id"),
	CONSTRAINT "request_templates_name" UNIQUE("merchant_id","name")
);
--> statement-breakpoint
CREATE TABLE "user_tokens" (
	"merchant_id" text NOT NULL,
	"hash" "bytea" NOT NULL,
	"user_id" text NOT NULL,
	"kind" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"used_at" timestamp (3) with time zone,
	CONSTRAINT "user_tokens_merchant_id_hash_pk" PRIMARY KEY("merchant_id","hash")
);
--> statement-breakpoint
CREATE TABLE "users" (
	"merchant_id" text NOT NULL,
	"id" text NOT NULL,
	"login" text NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"role" text NOT NULL,
	"language" text NOT NULL,
	"status" text NOT NULL,
	"password_hash" text,
	"former_password_hashes" text[] DEFAULT '{}' NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"locked_until" timestamp (3) with time zone,
	"totp_secret_id" text,
	"totp_used_step" bigint,
	"created_at" timestamp (3) with time zone NOT NULL,
	"last_login_at" timestamp (3) with time zone,
	CONSTRAINT "users_merchant_id_id_pk" PRIMARY KEY("merchant_id","id"),
	CONSTRAINT "users_login" UNIQUE("merchant_id","login")
);
--> statement-breakpoint
ALTER TABLE "action_items" ADD COLUMN "resolved_by" jsonb;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "hint" text;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "label" text;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "last_used_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "origin_id" text;--> statement-breakpoint
ALTER TABLE "link_orders" ADD CONSTRAINT "link_orders_merchant_id_link_id_payment_links_merchant_id_id_fk" FOREIGN KEY ("merchant_id","link_id") REFERENCES "public"."payment_links"("merchant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "link_orders" ADD CONSTRAINT "link_orders_merchant_id_session_id_sessions_merchant_id_id_fk" FOREIGN KEY ("merchant_id","session_id") REFERENCES "public"."sessions"("merchant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "logins" ADD CONSTRAINT "logins_merchant_id_user_id_users_merchant_id_id_fk" FOREIGN KEY ("merchant_id","user_id") REFERENCES "public"."users"("merchant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "passkeys" ADD CONSTRAINT "passkeys_merchant_id_user_id_users_merchant_id_id_fk" FOREIGN KEY ("merchant_id","user_id") REFERENCES "public"."users"("merchant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_tokens" ADD CONSTRAINT "user_tokens_merchant_id_user_id_users_merchant_id_id_fk" FOREIGN KEY ("merchant_id","user_id") REFERENCES "public"."users"("merchant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_entries_target" ON "audit_entries" USING btree ("merchant_id","target","sequence");--> statement-breakpoint
CREATE INDEX "link_orders_link" ON "link_orders" USING btree ("merchant_id","link_id","session_id");--> statement-breakpoint
CREATE INDEX "logins_user" ON "logins" USING btree ("merchant_id","user_id");--> statement-breakpoint
CREATE INDEX "payment_links_newest" ON "payment_links" USING btree ("merchant_id","mode","id");--> statement-breakpoint
CREATE UNIQUE INDEX "payment_requests_row" ON "payment_requests" USING btree ("merchant_id","batch_id","row") WHERE batch_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "payment_requests_order" ON "payment_requests" USING btree ("merchant_id","mode","order_id") WHERE status not in ('expired', 'canceled');--> statement-breakpoint
CREATE INDEX "payment_requests_newest" ON "payment_requests" USING btree ("merchant_id","mode","id");--> statement-breakpoint
CREATE INDEX "user_tokens_user" ON "user_tokens" USING btree ("merchant_id","user_id","kind");--> statement-breakpoint
-- What was recorded stays as it was recorded.
create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  raise exception 'audit entries are append-only' using errcode = 'restrict_violation', constraint = 'audit_entries_append_only';
end $$;
--> statement-breakpoint
create trigger audit_entries_append_only before update or delete on "audit_entries"
  for each row execute function refuse_audit_change();
--> statement-breakpoint
create trigger audit_entries_not_emptied before truncate on "audit_entries"
  for each statement execute function refuse_audit_change();
