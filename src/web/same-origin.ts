/**
 * Whether a form was posted by our own page. There are no cookies to protect, but a page of another site must not
 * pay or leave in the shopper's name. Browsers too old for fetch metadata send an Origin, programs neither.
 */
export function isSameOrigin(
  headers: { secFetchSite: string | undefined; origin: string | undefined },
  publicUrl: string,
): boolean {
  const { secFetchSite, origin } = headers;
  if (secFetchSite === 'same-origin' || secFetchSite === 'none') return true;
  if (origin !== undefined) return origin === new URL(publicUrl).origin;
  return secFetchSite === undefined;
}
