CREATE TABLE "action_items" (
	"merchant_id" text NOT NULL,
	"id" text NOT NULL,
	"mode" text NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"session_id" text NOT NULL,
	"payment_id" text NOT NULL,
	"amount" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"resolved_at" timestamp (3) with time zone,
	"resolution" text,
	"note" text,
	CONSTRAINT "action_items_merchant_id_id_pk" PRIMARY KEY("merchant_id","id"),
	CONSTRAINT "action_items_subject" UNIQUE("merchant_id","kind","subject")
);
--> statement-breakpoint
CREATE TABLE "deposits" (
	"merchant_id" text NOT NULL,
	"number_id" text NOT NULL,
	"serial" text NOT NULL,
	"mode" text NOT NULL,
	"session_id" text NOT NULL,
	"payment_id" text NOT NULL,
	"amount" bigint NOT NULL,
	"place" text NOT NULL,
	"paid_at" timestamp (3) with time zone NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "deposits_merchant_id_number_id_serial_pk" PRIMARY KEY("merchant_id","number_id","serial"),
	CONSTRAINT "deposits_amount" CHECK (amount > 0)
);
--> statement-breakpoint
CREATE TABLE "numbers" (
	"merchant_id" text NOT NULL,
	"id" text NOT NULL,
	"mode" text NOT NULL,
	"session_id" text NOT NULL,
	"payment_id" text NOT NULL,
	"attempt_id" text NOT NULL,
	"order_id" text NOT NULL,
	"method" text NOT NULL,
	"choice" text,
	"amount" bigint NOT NULL,
	"payer" jsonb NOT NULL,
	"status" text NOT NULL,
	"closing" text,
	"closed_by" text,
	"parts" jsonb,
	"barcode" text,
	"bank_url" text,
	"pay_by" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"issued_at" timestamp (3) with time zone,
	"closed_at" timestamp (3) with time zone,
	"looks" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "numbers_merchant_id_id_pk" PRIMARY KEY("merchant_id","id"),
	CONSTRAINT "numbers_attempt" UNIQUE("merchant_id","attempt_id"),
	CONSTRAINT "numbers_amount" CHECK (amount > 0)
);
--> statement-breakpoint
ALTER TABLE "deposits" ADD CONSTRAINT "deposits_merchant_id_number_id_numbers_merchant_id_id_fk" FOREIGN KEY ("merchant_id","number_id") REFERENCES "public"."numbers"("merchant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "numbers" ADD CONSTRAINT "numbers_merchant_id_attempt_id_attempts_merchant_id_id_fk" FOREIGN KEY ("merchant_id","attempt_id") REFERENCES "public"."attempts"("merchant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "action_items_open" ON "action_items" USING btree ("merchant_id","mode","id") WHERE resolved_at is null;--> statement-breakpoint
CREATE INDEX "deposits_session" ON "deposits" USING btree ("merchant_id","session_id");--> statement-breakpoint
CREATE INDEX "numbers_session" ON "numbers" USING btree ("merchant_id","session_id");