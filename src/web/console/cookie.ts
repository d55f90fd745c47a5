/** `__Host-` binds it to this host over https; plain http is for one's own machine alone. */
export function cookieName(publicUrl: string): string {
  return publicUrl.startsWith('https:') ? '__Host-console' : 'console';
}

/** `Set-Cookie` for a login's capability: gone with the browser's session. Null takes the cookie away. */
export function loginCookie(publicUrl: string, capability: string | null): string {
  const secure = publicUrl.startsWith('https:') ? '; Secure' : '';
  const value = `${cookieName(publicUrl)}=${capability ?? ''}; Path=/; HttpOnly; SameSite=Lax${secure}`;
  return capability === null ? `${value}; Max-Age=0` : value;
}
