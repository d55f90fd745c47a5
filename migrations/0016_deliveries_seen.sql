ALTER TABLE "deliveries" ADD COLUMN "last_try" jsonb;--> statement-breakpoint
ALTER TABLE "webhook_endpoints" ADD COLUMN "conformance" jsonb;--> statement-breakpoint
CREATE INDEX "deliveries_of_event" ON "deliveries" USING btree ("merchant_id","event_id");--> statement-breakpoint
CREATE INDEX "deliveries_to_endpoint" ON "deliveries" USING btree ("merchant_id","endpoint_id","id");--> statement-breakpoint
CREATE INDEX "deliveries_not_delivered" ON "deliveries" USING btree ("merchant_id","mode","status","id") WHERE "deliveries"."status" <> 'delivered';--> statement-breakpoint
CREATE INDEX "events_of_type" ON "events" USING btree ("merchant_id","mode","type","id");