CREATE TABLE "backfills" (
	"name" text PRIMARY KEY NOT NULL,
	"after_merchant" text NOT NULL,
	"after_id" text NOT NULL,
	"finished_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "day_figures" (
	"merchant_id" text NOT NULL,
	"mode" text NOT NULL,
	"day" date NOT NULL,
	"methods" jsonb NOT NULL,
	"causes" jsonb NOT NULL,
	CONSTRAINT "day_figures_merchant_id_mode_day_pk" PRIMARY KEY("merchant_id","mode","day")
);
--> statement-breakpoint
CREATE TABLE "payment_search" (
	"merchant_id" text NOT NULL,
	"mode" text NOT NULL,
	"payment_id" text NOT NULL,
	"plain" text NOT NULL,
	"personal" text NOT NULL,
	"terms" integer[] NOT NULL,
	CONSTRAINT "payment_search_merchant_id_mode_payment_id_pk" PRIMARY KEY("merchant_id","mode","payment_id")
);
--> statement-breakpoint
CREATE INDEX "payment_search_terms" ON "payment_search" USING gin ("terms");