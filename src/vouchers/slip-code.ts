/**
 * The code of a payment slip: GS1-128 with application identifier 91, 44 digits (guideline of the Distribution Systems
 * Research Institute, 6th edition): 91, company 6, free field 21, reissue 1, due date YYMMDD, stamp flag 1, amount 6,
 * check digit 1.
 */
export interface SlipCode {
  companyCode: string;
  freeField: string;
  reissue: string;
  /** YYMMDD; 999999 = none. */
  dueDate: string;
  stampFlag: '0' | '1';
  /** Yen. */
  amount: number;
}

const FORM = /^91(\d{6})(\d{21})(\d)(\d{6})([01])(\d{6})\d$/;

/** The parts of a code, or null where its form or check digit does not hold. */
export function parseSlipCode(code: string): SlipCode | null {
  const parts = FORM.exec(code);
  if (parts === null || checkDigit(code.slice(0, 43)) !== code.slice(43)) return null;
  const [, companyCode = '', freeField = '', reissue = '', dueDate = '', stamp, amount] = parts;
  return {
    companyCode,
    freeField,
    reissue,
    dueDate,
    stampFlag: stamp === '1' ? '1' : '0',
    amount: Number(amount),
  };
}

/** Whether a register would take it, for this amount. */
export function isSlipCode(code: string, amount: number): boolean {
  return parseSlipCode(code)?.amount === amount;
}

/** Modulus 10, weight 3 from the right. */
export function checkDigit(digits: string): string {
  const sum = [...digits]
    .reverse()
    .reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 3 : 1), 0);
  return String((10 - (sum % 10)) % 10);
}
