/**
 * The number of a registered issuer of qualified invoices (適格請求書発行事業者の登録番号): `T` and 13 digits. A company's
 * are its corporate number, whose first digit checks the others; a sole proprietor's need not hold to that, so a check
 * digit that does not fit is worth a warning and no more.
 */
export function isRegistrationNumber(text: string): boolean {
  return /^T[1-9]\d{12}$/.test(text);
}

/** As it is typed, full width too; null when it cannot be one. */
export function readRegistrationNumber(typed: string): string | null {
  const text = typed.normalize('NFKC').trim();
  return isRegistrationNumber(text) ? text : null;
}

/** Whether the first digit is the check digit of a corporate number. */
export function isCorporate(registrationNumber: string): boolean {
  if (!isRegistrationNumber(registrationNumber)) return false;
  return Number(registrationNumber.charAt(1)) === corporateCheckDigit(registrationNumber.slice(2));
}

/** 9 less the remainder by 9 of the twelve digits, counted from the right, the even ones twice. */
export function corporateCheckDigit(base12: string): number {
  const digits = Array.from(base12, Number).toReversed();
  const sum = digits.reduce((total, digit, index) => total + digit * (index % 2 === 0 ? 1 : 2), 0);
  return 9 - (sum % 9);
}
