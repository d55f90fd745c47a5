CREATE TABLE "login_addresses" (
	"address" "bytea" PRIMARY KEY NOT NULL,
	"failures" integer NOT NULL,
	"since" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "logins" ADD COLUMN "pending_totp_id" text;--> statement-breakpoint
ALTER TABLE "logins" ADD COLUMN "confirmed_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "login_addresses_old" ON "login_addresses" USING btree ("since");