CREATE TABLE "key_encryption_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"rotated_at" timestamp (3) with time zone,
	"retired_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "data_keys" ADD COLUMN "rotated_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "data_keys" ADD COLUMN "retired_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE UNIQUE INDEX "key_encryption_keys_one_active" ON "key_encryption_keys" USING btree ("state") WHERE state = 'active';--> statement-breakpoint
CREATE INDEX "vault_cards_key" ON "vault_cards" USING btree ("key_id","merchant_id","id");--> statement-breakpoint
CREATE FUNCTION refuse_retired_key() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	sealed_with text := convert_from(substring(NEW.sealed FROM 3 FOR get_byte(NEW.sealed || '\x0000'::bytea, 1)), 'LATIN1');
BEGIN
	IF EXISTS (SELECT 1 FROM public.data_keys WHERE id = sealed_with AND state = 'retired') THEN
		RAISE EXCEPTION 'data key % is retired', sealed_with
			USING ERRCODE = 'check_violation', CONSTRAINT = 'sealed_with_usable_key', TABLE = TG_TABLE_NAME;
	END IF;
	RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER sealed_with_usable_key BEFORE INSERT OR UPDATE OF sealed ON "vault_cards" FOR EACH ROW EXECUTE FUNCTION refuse_retired_key();
--> statement-breakpoint
CREATE TRIGGER sealed_with_usable_key BEFORE INSERT OR UPDATE OF sealed ON "vault_security_codes" FOR EACH ROW EXECUTE FUNCTION refuse_retired_key();
--> statement-breakpoint
CREATE TRIGGER sealed_with_usable_key BEFORE INSERT OR UPDATE OF sealed ON "merchant_secrets" FOR EACH ROW EXECUTE FUNCTION refuse_retired_key();
