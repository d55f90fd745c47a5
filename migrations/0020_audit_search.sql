CREATE INDEX "audit_entries_actor" ON "audit_entries" USING btree ("merchant_id",coalesce(actor ->> 'id', actor ->> 'kind'),"sequence");--> statement-breakpoint
CREATE INDEX "audit_entries_group" ON "audit_entries" USING btree ("merchant_id",split_part(action, '.', 1),"sequence");--> statement-breakpoint
CREATE INDEX "audit_entries_failures" ON "audit_entries" USING btree ("merchant_id","sequence") WHERE outcome = 'failure';--> statement-breakpoint
CREATE INDEX "audit_entries_day" ON "audit_entries" USING btree ("merchant_id","at");