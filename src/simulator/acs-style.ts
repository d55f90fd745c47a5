/** The look of the simulated bank: calm, navy, plainly not the shop's and not the payment page's. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ink: #14211c;
  --quiet: #556178;
  --line: #d9dfe8;
  --paper: #fff;
  --ground: #eef2f8;
  --bank: #14305c;
  --bank-dark: #0c2145;
  --on-bank: #fff;
  --gold: #d8b25c;
  --focus: #9a6b12;
  --field: #75839c;
  --danger: #b3261e;
  --note: #f4ecd8;
  --note-ink: #5d4607;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e8edf6;
    --quiet: #a3b0c6;
    --line: #2b3a55;
    --paper: #141d2e;
    --ground: #0b1220;
    --bank: #8fb3f0;
    --bank-dark: #a9c5f5;
    --focus: #d8b25c;
    --on-bank: #0b1730;
    --field: #6c7d9a;
    --danger: #ff8a80;
    --note: #2c2718;
    --note-ink: #ecd9a4;
  }
}
* {
  box-sizing: border-box;
}
body {
  margin: 0;
  min-height: 100vh;
  background: var(--ground);
  color: var(--ink);
  line-height: 1.6;
  word-break: auto-phrase;
  text-wrap: pretty;
  font-family: -apple-system, BlinkMacSystemFont, "Hiragino Sans", "Noto Sans JP", "Yu Gothic UI", sans-serif;
}
.bar {
  background: #14305c;
  color: #fff;
  border-bottom: 3px solid var(--gold);
}
.bar div {
  max-width: 480px;
  margin: 0 auto;
  padding: 12px 20px;
  display: flex;
  align-items: center;
  gap: 10px;
}
.bar svg {
  flex: none;
}
.bar b {
  font-size: 18px;
  letter-spacing: .02em;
}
.bar span {
  margin-left: auto;
  font-size: 13px;
  color: #cdd9ee;
}
main {
  max-width: 480px;
  margin: 0 auto;
  padding: 20px;
  background: var(--paper);
}
h1 {
  font-size: 22px;
  line-height: 1.35;
  margin: 4px 0 8px;
}
p {
  margin: 0 0 16px;
}
.quiet {
  color: var(--quiet);
}
dl {
  margin: 0 0 20px;
  border: 1px solid var(--line);
  border-radius: 10px;
  padding: 4px 16px;
}
dl div {
  display: flex;
  justify-content: space-between;
  gap: 16px;
  padding: 10px 0;
}
dl div+div {
  border-top: 1px solid var(--line);
}
dt {
  color: var(--quiet);
  flex: none;
  max-width: 60%;
}
dl.cards dt {
  flex: 1 1 0;
  max-width: none;
}
dl.cards dd {
  flex: none;
}
dd {
  margin: 0;
  text-align: right;
  overflow-wrap: anywhere;
  font-variant-numeric: tabular-nums;
}
dd.sum {
  font-weight: 700;
  font-size: 18px;
}
label {
  display: block;
  font-weight: 600;
  margin-bottom: 6px;
}
input {
  width: 100%;
  height: 56px;
  padding: 0 16px;
  font: 600 24px/1 ui-monospace, "SF Mono", Menlo, Consolas, monospace;
  letter-spacing: .3em;
  color: inherit;
  background: var(--paper);
  border: 1px solid var(--field);
  border-radius: 10px;
}
input[aria-invalid] {
  border: 2px solid var(--danger);
}
.hint {
  margin: 8px 0 20px;
  padding: 8px 12px;
  border-radius: 8px;
  background: var(--note);
  color: var(--note-ink);
  font-size: 14px;
}
.error {
  margin: 8px 0 0;
  color: var(--danger);
  font-weight: 600;
}
button {
  display: block;
  width: 100%;
  min-height: 52px;
  margin-top: 12px;
  padding: 8px 16px;
  border: 1px solid transparent;
  border-radius: 10px;
  font-family: inherit;
  font-size: 17px;
  font-weight: 600;
  line-height: 1.3;
  cursor: pointer;
}
.go {
  background: var(--bank);
  color: var(--on-bank);
}
.go:hover {
  background: var(--bank-dark);
}
.leave {
  background: none;
  color: var(--quiet);
  border-color: var(--line);
  font-weight: 400;
  font-size: 16px;
}
.leave:hover {
  color: var(--ink);
  border-color: var(--field);
}
:focus-visible {
  outline: 3px solid var(--focus);
  outline-offset: 2px;
}
footer {
  display: flex;
  justify-content: space-between;
  gap: 16px;
  margin-top: 24px;
  padding-top: 12px;
  border-top: 1px solid var(--line);
  font-size: 13px;
  color: var(--quiet);
}
footer a {
  color: inherit;
  flex: none;
  padding: 4px 0;
}
@media (max-height:640px) and (max-width:599px) {
  .bar div {
    padding: 6px 16px;
  }
  main {
    padding: 12px 16px;
  }
  h1 {
    font-size: 18px;
    margin: 0 0 4px;
  }
  p {
    margin: 0 0 10px;
  }
  dl {
    margin: 0 0 12px;
    padding: 0 12px;
  }
  dl div {
    padding: 5px 0;
    font-size: 14px;
  }
  dd.sum {
    font-size: 16px;
  }
  input {
    height: 48px;
  }
  .hint {
    margin: 6px 0 10px;
    padding: 4px 10px;
  }
  .lead {
    font-size: 14px;
  }
  button {
    margin-top: 8px;
    min-height: 48px;
  }
  footer {
    margin-top: 14px;
  }
}
@media (min-width:600px) {
  main {
    margin: 32px auto;
    padding: 28px 32px;
    border-radius: 14px;
    box-shadow: 0 8px 32px rgba(12, 33, 69, .12);
  }
  .bar div {
    max-width: 960px;
    padding: 16px 24px;
  }
}
`;
