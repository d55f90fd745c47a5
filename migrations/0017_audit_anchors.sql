CREATE TABLE "audit_anchors" (
	"merchant_id" text NOT NULL,
	"sequence" bigint NOT NULL,
	"hash" "bytea" NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"signature" "bytea" NOT NULL,
	"key_id" text NOT NULL,
	CONSTRAINT "audit_anchors_merchant_id_sequence_pk" PRIMARY KEY("merchant_id","sequence")
);
--> statement-breakpoint
create trigger audit_anchors_append_only before update or delete on "audit_anchors"
  for each row execute function refuse_audit_change();
--> statement-breakpoint
create trigger audit_anchors_not_emptied before truncate on "audit_anchors"
  for each statement execute function refuse_audit_change();
