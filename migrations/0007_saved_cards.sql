CREATE TABLE "saved_cards" (
	"merchant_id" text NOT NULL,
	"id" text NOT NULL,
	"mode" text NOT NULL,
	"customer_reference" text NOT NULL,
	"card_id" text NOT NULL,
	"fingerprint" "bytea" NOT NULL,
	"brand" text NOT NULL,
	"last4" text NOT NULL,
	"exp_month" integer NOT NULL,
	"exp_year" integer NOT NULL,
	"cardholder_name" text NOT NULL,
	"consents" jsonb NOT NULL,
	"payment_id" text NOT NULL,
	"first_rrn" text NOT NULL,
	"first_ds_trans_id" text,
	"first_eci" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"deleted_by" text,
	CONSTRAINT "saved_cards_merchant_id_id_pk" PRIMARY KEY("merchant_id","id")
);
--> statement-breakpoint
ALTER TABLE "attempts" ADD COLUMN "saved_card_id" text;--> statement-breakpoint
ALTER TABLE "attempts" ADD COLUMN "consent" jsonb;--> statement-breakpoint
ALTER TABLE "attempts" ADD COLUMN "stored_credential" jsonb;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "origin" text DEFAULT 'page' NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "saved_cards_one_of_a_number" ON "saved_cards" USING btree ("merchant_id","mode","customer_reference","fingerprint") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "saved_cards_expiry" ON "saved_cards" USING btree ("merchant_id","mode","expires_at");