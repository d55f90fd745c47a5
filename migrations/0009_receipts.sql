CREATE TABLE "receipt_issues" (
	"merchant_id" text NOT NULL,
	"payment_id" text NOT NULL,
	"number" integer NOT NULL,
	"kind" text NOT NULL,
	"refund_id" text,
	"addressee" text NOT NULL,
	"content" jsonb NOT NULL,
	"issued_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "receipt_issues_merchant_id_payment_id_number_pk" PRIMARY KEY("merchant_id","payment_id","number")
);
--> statement-breakpoint
ALTER TABLE "payments" ADD COLUMN "receipt_token" text;--> statement-breakpoint
ALTER TABLE "receipt_issues" ADD CONSTRAINT "receipt_issues_merchant_id_payment_id_payments_merchant_id_id_fk" FOREIGN KEY ("merchant_id","payment_id") REFERENCES "public"."payments"("merchant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "payments_receipt_token" ON "payments" USING btree ("merchant_id","receipt_token") WHERE receipt_token is not null;