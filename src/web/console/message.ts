/** A page that says one thing: what happened and what to do. */
export interface MessageData {
  text: string;
  action: { text: string; href: string } | null;
}
