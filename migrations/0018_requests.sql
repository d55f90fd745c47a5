CREATE TABLE "paces" (
	"name" text PRIMARY KEY NOT NULL,
	"next_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
DROP INDEX "payment_requests_order";--> statement-breakpoint
ALTER TABLE "mails" ADD COLUMN "request_id" text;--> statement-breakpoint
ALTER TABLE "payment_requests" ADD COLUMN "subject" text;--> statement-breakpoint
ALTER TABLE "payment_requests" ADD COLUMN "send_work" text;--> statement-breakpoint
ALTER TABLE "request_batches" ADD COLUMN "confirmed_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "payment_requests_status" ON "payment_requests" USING btree ("merchant_id","mode","status","id");--> statement-breakpoint
CREATE INDEX "payment_requests_due" ON "payment_requests" USING btree ("merchant_id","mode","due_at");--> statement-breakpoint
CREATE UNIQUE INDEX "payment_requests_order" ON "payment_requests" USING btree ("merchant_id","mode","order_id") WHERE status not in ('paid', 'expired', 'canceled');