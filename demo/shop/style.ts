import { createHash } from 'node:crypto';

/** The shop's style sheet, phone first. */
export const STYLE = `
:root { color-scheme: light dark; --paper: #f6f1e7; --card: #fffdf8; --ink: #2a2520; --soft: #6b6157; --line: #ddd2c0;
  --kaki: #a8451f; --kaki-ink: #fff8f2; --tile: #ece3d3; --good: #3d6b4f; --sun: #e9a56b; --white: #fbf8f1;
  --cobalt: #2f4f86; --inside: #e9e4d8; --celadon: #a9bfa9; --deep: #2b3f52; --amber: #a8662c; --deepamber: #7d4519;
  --bare: #c9ab87; --vine: #6a4a30; --board: #b78e62; --boardside: #94704a; --leaf: #c4562b; --shade: #2a252022; }
@media (prefers-color-scheme: dark) { :root { --paper: #191613; --card: #221e1a; --ink: #f1e9dc; --soft: #b3a797; --line: #3d362e;
  --kaki: #e08a5c; --kaki-ink: #201008; --tile: #2c2721; --good: #8fc3a2; --sun: #b5653a; --white: #e6dfd0; --inside: #cfc7b6;
  --cobalt: #33548f; --celadon: #849b86; --board: #7a5c3e; --boardside: #5c442d; --vine: #8a6442; --shade: #0004; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0; background: var(--paper); color: var(--ink); line-height: 1.75; line-break: strict;
  font: 16px/1.75 "Hiragino Sans", "Noto Sans JP", "Yu Gothic UI", "Segoe UI", system-ui, sans-serif; }
h1, h2, .brand b { font-family: "Hiragino Mincho ProN", "Yu Mincho", "Noto Serif JP", Georgia, "Noto Sans JP", serif; font-weight: 600; line-height: 1.4; }
h1, h2, p { word-break: auto-phrase; } h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.2rem; margin: 0; } p { margin: 0 0 .8em; } small { font-size: .8rem; }
a { color: inherit; text-underline-offset: .2em; } ul, ol { list-style: none; margin: 0; padding: 0; } dl, dd { margin: 0; }
code, pre { font: .8125rem/1.6 ui-monospace, "SFMono-Regular", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
:focus-visible { outline: 3px solid var(--kaki); outline-offset: 2px; border-radius: 4px; }
.top { display: flex; justify-content: space-between; align-items: center; gap: 1rem; max-width: 68rem; margin: 0 auto; padding: 1rem 1.25rem; }
.brand { display: flex; align-items: center; gap: .7rem; text-decoration: none; } .brand b { display: block; font-size: 1.05rem; line-height: 1.3; }
.brand small { color: var(--soft); display: block; line-height: 1.4; } .mark { width: 2.6rem; height: 2.6rem; flex: none; }
.languages { display: flex; gap: .9rem; font-size: .875rem; white-space: nowrap; } .languages span { color: var(--soft); }
.languages a { padding: .6rem 0; margin: -.6rem 0; }
main { margin: 0 auto; padding: 0 1.25rem 3rem; } main.wide { max-width: 68rem; } main.narrow { max-width: 42rem; }
footer { border-top: 1px solid var(--line); padding: 1.5rem 1.25rem 2.5rem; text-align: center; color: var(--soft); font-size: .875rem; }
footer p { margin: 0; }
.hero { display: grid; gap: .5rem; padding: 1rem 0 2rem; } .hero h1 { font-size: clamp(1.9rem, 8vw, 3.1rem); letter-spacing: .04em; margin-bottom: .6rem; }
.hero p { color: var(--soft); max-width: 30em; } .shelf { display: block; width: 100%; height: auto; }
.products { display: grid; gap: 1.25rem; } .product { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 1rem 1rem 1.15rem; display: flex; flex-direction: column; }
.tile { background: var(--tile); border-radius: 9px; padding: 1.1rem; margin-bottom: .9rem; } .drawing { display: block; width: 100%; height: auto; max-height: 13rem; }
.product .note { color: var(--soft); font-size: .9375rem; margin: .35rem 0 .6rem; } .product .facts { display: flex; justify-content: space-between; align-items: baseline; gap: 1rem; margin: auto 0 .8rem; }
.product .facts span { color: var(--soft); font-size: .8125rem; } .product .facts b { font-size: 1.2rem; white-space: nowrap; } .product .facts small { font-weight: 400; }
.buttons { display: grid; grid-template-columns: 1fr 1fr; gap: .6rem; }
button, .button { font: inherit; font-weight: 600; border-radius: 999px; border: 1.5px solid var(--kaki); min-height: 2.9rem; padding: .35rem 1.1rem; cursor: pointer; text-align: center; text-decoration: none; }
.button { display: inline-flex; align-items: center; justify-content: center; }
.primary { background: var(--kaki); color: var(--kaki-ink); } .primary:hover { filter: brightness(1.08); } .secondary { background: transparent; color: var(--kaki); } .secondary:hover { background: var(--tile); }
.large { width: 100%; min-height: 3.4rem; font-size: 1.0625rem; }
.cart, .order, .desk, .message, .developers { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 1.25rem; margin-top: 1.5rem; }
.cart { scroll-margin-top: 1rem; border-color: var(--kaki); } .cart li { display: grid; grid-template-columns: 3.2rem 1fr auto; align-items: center; gap: .2rem .8rem; padding: .7rem 0; border-bottom: 1px solid var(--line); }
.thumb { width: 3.2rem; } .cart .thumb, td.thumb .drawing { background: var(--tile); border-radius: 8px; } .cart .thumb { padding: .25rem; grid-row: span 2; } .cart li b { grid-column: 3; grid-row: 1 / span 2; }
.steps { display: inline-flex; align-items: center; gap: .3rem; grid-column: 2; } .steps output { min-width: 2ch; text-align: center; } .steps button { min-height: 0; width: 2.25rem; height: 2.25rem; padding: 0; line-height: 1; background: none; color: var(--kaki); }
.cart dl, .facts { padding: .8rem 0; } dl > div { display: flex; justify-content: space-between; gap: 1rem; } dt { color: var(--soft); } .cart .sum { font-size: 1.2rem; font-weight: 600; } .cart .sum dt { color: inherit; }
.promises { display: grid; gap: .9rem; margin: 2rem 0 0; font-size: .9375rem; color: var(--soft); } .promises b { display: block; color: var(--ink); }
.developers { background: transparent; border-style: dashed; } summary { cursor: pointer; font-weight: 600; padding: .35rem 0; } .developers > p { color: var(--soft); font-size: .9375rem; margin-top: .6rem; }
.choices { display: grid; gap: 1rem; margin-bottom: 1rem; } fieldset { border: 1px solid var(--line); border-radius: 10px; margin: 0; padding: .4rem 1rem .6rem; } legend { padding: 0 .4rem; color: var(--soft); font-size: .875rem; }
fieldset label { display: flex; gap: .6rem; align-items: center; min-height: 2.5rem; } input[type=radio] { accent-color: var(--kaki); width: 1.15rem; height: 1.15rem; margin: 0; flex: none; }
.cards { font-size: .875rem; margin-bottom: .6rem; } .cards > div { padding: .25rem 0; border-bottom: 1px solid var(--line); }
.quiet { overflow-wrap: anywhere; color: var(--soft); font-size: .875rem; } .notice { background: var(--tile); border-left: 4px solid var(--kaki); border-radius: 4px; padding: .7rem 1rem; }
.standing { display: flex; gap: 1rem; align-items: flex-start; padding-bottom: 1.2rem; } .standing h1 { font-size: 1.4rem; margin-bottom: .3rem; } .standing p { margin-bottom: .3rem; }
.sign { flex: none; width: 2.75rem; height: 2.75rem; border-radius: 50%; display: grid; place-items: center; font-size: 1.3rem; border: 2px solid var(--line); color: var(--soft); }
.paid .sign, .authorized .sign { background: var(--good); border-color: var(--good); color: var(--card); }
.order > form { margin-bottom: 1.5rem; } #card { padding: 1rem 0 1.5rem; } button[aria-disabled=true] { opacity: .75; cursor: progress; } .order > h2 { padding-top: 1.2rem; border-top: 1px solid var(--line); margin-bottom: .3rem; } .order h1 + .quiet { margin-top: .3rem; }
.items { width: 100%; border-collapse: collapse; } .items td, .items th { padding: .7rem 0 .7rem .8rem; border-bottom: 1px solid var(--line); vertical-align: middle; text-align: left; font-weight: 400; } .items small { display: block; color: var(--soft); }
.items td:last-child { text-align: right; white-space: nowrap; } .items .thumb { width: 3.2rem; padding-left: 0; } td.thumb .drawing { width: 3.2rem; padding: .25rem; } .items tfoot td:last-child { font-weight: 600; font-size: 1.15rem; } .items tfoot tr > * { border: 0; }
.facts dd { text-align: right; } .desk p { margin: .2rem 0 .8rem; } .forms { display: flex; flex-wrap: wrap; gap: .8rem; align-items: end; } .forms form { display: flex; gap: .6rem; align-items: end; flex-wrap: wrap; }
.forms label { font-size: .875rem; color: var(--soft); } .plan { margin: 1rem 0 0; } input[name=amount], select { font: inherit; display: block; width: 9.5rem; min-height: 2.9rem; padding: .3rem .9rem; color: var(--ink); background: var(--paper); border: 1.5px solid var(--soft); border-radius: 10px; }
.events > li { border-top: 1px solid var(--line); padding: 1.1rem 0 .3rem; } .events h3 { display: flex; gap: .7rem; align-items: center; margin: 0; font-size: 1rem; } .events h3 code { font-size: .9375rem; font-weight: 600; } .number { background: var(--ink); color: var(--paper); border-radius: 50%; width: 1.75rem; height: 1.75rem; display: grid; place-items: center; font-size: .875rem; }
.receipts > li { border-left: 3px solid var(--good); padding: .1rem 0 .1rem .9rem; margin-bottom: .8rem; font-size: .875rem; } .receipts span { display: block; color: var(--soft); } .proof i { color: var(--good); font-style: normal; font-weight: 700; }
.label { font-size: .875rem; color: var(--soft); margin: .8rem 0 .3rem; } pre { background: var(--tile); border-radius: 8px; padding: .7rem .9rem; margin: 0 0 .8rem; white-space: pre-wrap; max-height: 15rem; overflow: auto; }
.fields > div { display: block; } .onward { text-align: center; margin: 2rem 0 0; } .message h1 { margin-bottom: .8rem; }
.d-shadow, .d-side { fill: var(--shade); } .d-side { opacity: .45; } .d-white { fill: var(--white); } .d-inside { fill: var(--inside); } .d-cobalt { fill: none; stroke: var(--cobalt); stroke-width: 3; stroke-linecap: round; }
.d-steam, .d-lines, .d-lattice { fill: none; stroke: var(--soft); stroke-width: 2.5; stroke-linecap: round; } .d-steam { opacity: .5; } .d-lines { stroke: var(--cobalt); } .d-lattice { stroke: var(--white); opacity: .65; stroke-width: 2; }
.d-celadon { fill: var(--celadon); } .d-deep { fill: var(--deep); } .d-amber { fill: var(--amber); } .d-deepamber { fill: var(--deepamber); } .d-bare { fill: var(--bare); } .d-moon { fill: #f0dca6; } .d-ochre { fill: #d9a441; }
.d-rim { fill: none; stroke: #0002; stroke-width: 2; } .d-well { fill: #ffffff1f; } .d-plum { fill: #c65b62; } .d-handle { fill: none; stroke: var(--vine); stroke-width: 8; stroke-linecap: round; } .d-drip { fill: none; stroke: var(--deepamber); stroke-width: 3; opacity: .6; stroke-linecap: round; }
.d-shine { fill: none; stroke: #fff; stroke-width: 4; opacity: .45; stroke-linecap: round; } .d-sun { fill: var(--sun); opacity: .75; } .d-branch { fill: none; stroke: var(--vine); stroke-width: 4; stroke-linecap: round; } .d-leaf { fill: var(--leaf); }
.d-board { fill: var(--board); } .d-boardside { fill: var(--boardside); } .d-seal { fill: var(--kaki); } .d-sealline { fill: none; stroke: var(--kaki-ink); stroke-width: 2.2; stroke-linejoin: round; stroke-linecap: round; }
@media (min-width: 44rem) { .hero { grid-template-columns: 5fr 6fr; align-items: center; padding: 2rem 0 3rem; } .products { grid-template-columns: repeat(3, 1fr); } .promises, .choices { grid-template-columns: repeat(3, 1fr); }
  .buttons { grid-template-columns: 1fr; } .cart, .order, .desk, .message, .developers { padding: 1.75rem; } .cart li { grid-template-columns: 3.2rem 1fr auto auto; } .cart .thumb { grid-row: auto; } .steps { grid-column: auto; } .cart li b { grid-column: 4; grid-row: auto; min-width: 6rem; text-align: right; }
  .cards { columns: 2; column-gap: 2rem; } }
`;

/** Its address holds a hash of the content, so that it may be kept for ever. */
export const STYLE_HREF = `/shop.${createHash('sha256').update(STYLE).digest('hex').slice(0, 12)}.css`;

export const MARK_SVG = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><circle cx="20" cy="20" r="19" fill="#a8451f"/>
<path fill="none" stroke="#fff8f2" stroke-width="2.2" stroke-linejoin="round" stroke-linecap="round" d="M9 17h22c0 8-5 12-8 13v3h-6v-3c-3-1-8-5-8-13ZM15 12c-2-3 2-4 0-7M21 12c-2-3 2-4 0-7M27 12c-2-3 2-4 0-7"/></svg>`;
