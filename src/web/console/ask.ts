/** A field as `views/console/field.eta` takes it. */
export interface Field {
  name: string;
  label: string;
  value: string;
  hint?: string;
  fault?: string | undefined;
  type?: 'text' | 'password' | 'email';
  autocomplete?: string;
  inputmode?: 'numeric' | 'email' | 'text';
  /** An ID or a code: no capitals, no spelling. */
  plain?: boolean;
  /** To be read, and kept by password managers. */
  readonly?: boolean;
  /** Where the cursor is when the page opens. */
  first?: boolean;
}

/** A page that is one form: the login, a new password, a confirmation. */
export interface AskData {
  said: { text: string; bad: boolean } | null;
  lead: string | null;
  facts: { label: string; value: string }[];
  action: string;
  hidden: Record<string, string>;
  fields: Field[];
  go: string;
  links: { text: string; href: string }[];
}
