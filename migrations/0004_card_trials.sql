CREATE TABLE "card_testing_breakers" (
	"merchant_id" text NOT NULL,
	"mode" text NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"open_until" timestamp (3) with time zone NOT NULL,
	"trials" integer NOT NULL,
	"declines" integer NOT NULL,
	CONSTRAINT "card_testing_breakers_merchant_id_mode_pk" PRIMARY KEY("merchant_id","mode")
);
--> statement-breakpoint
CREATE TABLE "card_trials" (
	"merchant_id" text NOT NULL,
	"attempt_id" text NOT NULL,
	"mode" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"fingerprint" "bytea" NOT NULL,
	"bin" text,
	"address" "bytea",
	"verdict" text NOT NULL,
	"reason" text,
	"outcome" text DEFAULT 'pending' NOT NULL,
	CONSTRAINT "card_trials_merchant_id_attempt_id_pk" PRIMARY KEY("merchant_id","attempt_id")
);
--> statement-breakpoint
ALTER TABLE "vault_cards" ADD COLUMN "bin" text;--> statement-breakpoint
CREATE INDEX "card_trials_card" ON "card_trials" USING btree ("mode","fingerprint","at") WHERE outcome <> 'passed';--> statement-breakpoint
CREATE INDEX "card_trials_address" ON "card_trials" USING btree ("mode","address","at") WHERE outcome = 'declined';--> statement-breakpoint
CREATE INDEX "card_trials_bin" ON "card_trials" USING btree ("merchant_id","mode","bin","at") WHERE outcome = 'declined';--> statement-breakpoint
CREATE INDEX "card_trials_declined" ON "card_trials" USING btree ("merchant_id","mode","at") WHERE outcome = 'declined';--> statement-breakpoint
CREATE INDEX "card_trials_all" ON "card_trials" USING btree ("merchant_id","mode","at");--> statement-breakpoint
CREATE INDEX "card_trials_age" ON "card_trials" USING btree ("at");