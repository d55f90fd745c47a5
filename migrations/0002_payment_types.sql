ALTER TABLE "attempts" ADD COLUMN "payment_type" text;--> statement-breakpoint
ALTER TABLE "attempts" ADD COLUMN "installments" integer;--> statement-breakpoint
ALTER TABLE "operations" ADD COLUMN "japan_code" text;