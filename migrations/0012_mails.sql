CREATE TABLE "mails" (
	"merchant_id" text NOT NULL,
	"id" text NOT NULL,
	"mode" text NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"recipient" text NOT NULL,
	"language" text NOT NULL,
	"facts" jsonb NOT NULL,
	"session_id" text,
	"message_id" text NOT NULL,
	"status" text NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	"answer" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"sent_at" timestamp (3) with time zone,
	CONSTRAINT "mails_merchant_id_id_pk" PRIMARY KEY("merchant_id","id"),
	CONSTRAINT "mails_subject" UNIQUE("merchant_id","kind","subject","recipient")
);
--> statement-breakpoint
CREATE INDEX "mails_session" ON "mails" USING btree ("merchant_id","session_id");--> statement-breakpoint
CREATE INDEX "mails_old" ON "mails" USING btree ("created_at");