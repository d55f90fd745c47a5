import { toBuffer, toSVG } from 'bwip-js/node';

/** A link's address as a QR code, with the quiet zone that readers need (ISO/IEC 18004). */
export async function linkQr(url: string, kind: 'svg' | 'png'): Promise<Response> {
  const options = { bcid: 'qrcode', text: url, eclevel: 'M', paddingwidth: 4, paddingheight: 4 };
  const body =
    kind === 'svg'
      ? toSVG({ ...options, scale: 1, backgroundcolor: 'FFFFFF' })
      : new Uint8Array(
          await toBuffer({
            ...options,
            scale: 8,
            paddingwidth: 4,
            paddingheight: 4,
            backgroundcolor: 'FFFFFF',
          }),
        );
  return new Response(body, {
    headers: {
      'Content-Type': kind === 'svg' ? 'image/svg+xml' : 'image/png',
      'Cache-Control': 'public, max-age=86400',
      'Content-Security-Policy': "default-src 'none'; sandbox",
      'X-Content-Type-Options': 'nosniff',
      'Cross-Origin-Resource-Policy': 'cross-origin',
    },
  });
}
