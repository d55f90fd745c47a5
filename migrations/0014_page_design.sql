CREATE TABLE "logos" (
	"merchant_id" text NOT NULL,
	"hash" text NOT NULL,
	"type" text NOT NULL,
	"content" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "logos_merchant_id_hash_pk" PRIMARY KEY("merchant_id","hash")
);
