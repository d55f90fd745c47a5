ALTER TABLE "deliveries" ADD COLUMN "last_try" jsonb;--> statement-breakpoint
ALTER TABLE "webhook_endpoints" ADD COLUMN "conformance" jsonb;