import { html } from 'hono/html';

export type Drawing = ReturnType<typeof html>;

/** Our own drawings. Colours come from the style sheet, so that they follow light and dark. */

export function drawBowl(): Drawing {
  const stripes = Array.from({ length: 15 }, (_, index) => {
    const t = (index - 7) / 7.6;
    const top = 120 + 72 * Math.sin((t * Math.PI) / 2);
    const foot = 120 + 24 * Math.sin((t * Math.PI) / 2);
    const bend = 120 + 63 * Math.sin((t * Math.PI) / 2);
    const drop = 84 + 15 * Math.cos((t * Math.PI) / 2);
    return html`<path class="d-cobalt" d="M${top.toFixed(1)} ${drop.toFixed(1)}Q${bend.toFixed(1)} 138 ${foot.toFixed(1)} 158"/>`;
  });
  return still(html`
    <ellipse class="d-shadow" cx="120" cy="178" rx="62" ry="7"/>
    <path class="d-white" d="M46 82C48 126 76 154 98 161L96 174C104 178 136 178 144 174L142 161C164 154 192 126 194 82Z"/>
    ${stripes}
    <path class="d-side" d="M150 100C178 96 190 90 194 82C192 126 164 154 142 161L144 174C138 177 128 178 120 178C150 160 162 132 150 100Z"/>
    <ellipse class="d-white" cx="120" cy="82" rx="74" ry="17"/>
    <ellipse class="d-inside" cx="120" cy="84" rx="67" ry="13.5"/>
    <ellipse class="d-cobalt" cx="120" cy="82" rx="74" ry="17"/>
    <path class="d-steam" d="M104 62C98 52 110 46 104 34M122 58C116 46 130 40 123 26M140 62C134 52 146 46 140 36"/>`);
}

export function drawPlates(): Drawing {
  return still(html`
    ${plate(66, 66, 'd-white', html`<g class="d-plum">${petals(66, 66)}</g><circle class="d-ochre" cx="66" cy="66" r="5"/>`)}
    ${plate(150, 54, 'd-celadon', html`<path class="d-lines" d="M122 60q7-9 14 0t14 0t14 0t14 0M128 48q6-8 11 0t11 0t11 0t11 0M128 72q6-8 11 0t11 0t11 0t11 0"/>`)}
    ${plate(196, 116, 'd-deep', html`<circle class="d-moon" cx="202" cy="108" r="14"/>`)}
    ${plate(116, 132, 'd-white', html`<path class="d-lines" d="M98 116l-6 20M110 108l-8 28M122 112l-10 34M134 112l-9 30M142 124l-8 26M120 142l-5 16"/>`)}
    ${plate(42, 140, 'd-amber', html`<path class="d-lattice" d="M26 124l32 32M42 116l24 24M18 140l24 24M58 124l-32 32M42 116l-24 24M66 140l-24 24"/>`)}`);
}

function plate(x: number, y: number, glaze: string, motif: Drawing): Drawing {
  return html`<ellipse class="d-shadow" cx="${x + 3}" cy="${y + 6}" rx="40" ry="39"/>
    <circle class="${glaze}" cx="${x}" cy="${y}" r="38"/><circle class="d-rim" cx="${x}" cy="${y}" r="37"/>
    <circle class="d-well" cx="${x}" cy="${y}" r="29"/>${motif}`;
}

function petals(x: number, y: number): Drawing[] {
  return [0, 72, 144, 216, 288].map(
    (angle) => html`<circle cx="${x}" cy="${y - 11}" r="8" transform="rotate(${angle} ${x} ${y})"/>`,
  );
}

export function drawTeapot(): Drawing {
  return still(html`
    <ellipse class="d-shadow" cx="118" cy="178" rx="64" ry="7"/>
    <path class="d-handle" d="M66 96C58 22 178 22 170 96"/>
    <path class="d-amber" d="M170 110C190 106 196 88 208 76L220 84C210 104 200 134 172 142Z"/>
    <path class="d-amber" d="M118 72C168 72 184 100 182 124C180 156 152 176 118 176C84 176 56 156 54 124C52 100 68 72 118 72Z"/>
    <path class="d-bare" d="M74 160C84 171 102 176 118 176C134 176 152 171 162 160C140 166 96 166 74 160Z"/>
    <path class="d-side" d="M150 80C176 92 184 108 182 124C180 156 152 176 118 176C152 160 166 122 150 80Z"/>
    <path class="d-drip" d="M58 112C70 126 76 112 88 122C98 132 106 116 118 124C130 132 140 114 150 124C160 132 170 116 180 114"/>
    <ellipse class="d-deepamber" cx="118" cy="76" rx="40" ry="9"/>
    <path class="d-amber" d="M84 74C86 58 150 58 152 74C142 81 94 81 84 74Z"/>
    <circle class="d-amber" cx="118" cy="57" r="7.5"/><path class="d-shine" d="M76 104C80 94 90 87 100 85"/>
    <circle class="d-bare" cx="68" cy="98" r="5"/><circle class="d-bare" cx="169" cy="98" r="5"/>`);
}

/** The mild sun of late autumn that the shop is named after, over a shelf. */
export function drawShelf(): Drawing {
  return html`<svg class="shelf" viewBox="0 0 640 300" aria-hidden="true" focusable="false">
    <circle class="d-sun" cx="452" cy="118" r="92"/>
    <path class="d-branch" d="M640 40C590 52 560 34 520 58M584 46C570 64 566 78 548 86M606 46C600 30 588 22 580 10"/>
    <g class="d-leaf">${LEAVES.map(([x, y, turn]) => html`<path transform="translate(${x} ${y}) rotate(${turn})" d="M0 0C7-6 16-6 22 0C16 6 7 6 0 0Z"/>`)}</g>
    <rect class="d-board" x="0" y="244" width="640" height="13"/><rect class="d-boardside" x="0" y="257" width="640" height="5"/>
    <svg x="24" y="66" width="220" height="184" viewBox="0 0 240 200">${drawTeapot()}</svg>
    <svg x="240" y="96" width="184" height="154" viewBox="0 0 240 200">${drawBowl()}</svg>
    <svg x="430" y="120" width="156" height="130" viewBox="0 0 240 200">${drawBowl()}</svg>
  </svg>`;
}

const LEAVES = [
  [520, 58, 150],
  [548, 86, 120],
  [566, 70, 60],
  [580, 10, 250],
  [596, 30, 200],
  [544, 50, 80],
  [560, 44, 300],
] as const;

/** A seal in the manner of potters' marks. */
export function drawMark(): Drawing {
  return html`<svg class="mark" viewBox="0 0 40 40" aria-hidden="true" focusable="false"><circle class="d-seal" cx="20" cy="20" r="19"/>
    <path class="d-sealline" d="M9 17h22c0 8-5 12-8 13v3h-6v-3c-3-1-8-5-8-13ZM15 12c-2-3 2-4 0-7M21 12c-2-3 2-4 0-7M27 12c-2-3 2-4 0-7"/></svg>`;
}

function still(content: Drawing): Drawing {
  return html`<svg class="drawing" viewBox="0 0 240 200" aria-hidden="true" focusable="false">${content}</svg>`;
}
