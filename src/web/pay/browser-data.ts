/**
 * What the shopper's browser tells of itself, for the AReq (EMV 3DS 2.2.0, table A.1: browser elements). Six elements
 * come from our script in hidden fields; if one of them cannot be used, the browser counts as one without JavaScript,
 * since they are only required together.
 */
import type { Context } from 'hono';
import type { BrowserData } from '../../threeds/port.ts';
import { callerAddress } from '../caller-address.ts';

const MAX_HEADER = 2_048;

export function readBrowser(c: Context, form: URLSearchParams, proxies: number): BrowserData {
  const scripted = form.get('js') === '1' ? readScripted(form) : null;
  return {
    acceptHeader: (c.req.header('Accept') ?? '*/*').slice(0, MAX_HEADER),
    userAgent: (c.req.header('User-Agent') ?? 'unknown').slice(0, MAX_HEADER),
    ip: callerAddress(c, proxies),
    javascriptEnabled: scripted !== null,
    ...(scripted ?? NOT_SCRIPTED),
  };
}

type Scripted = Pick<
  BrowserData,
  'javaEnabled' | 'language' | 'colorDepth' | 'screenHeight' | 'screenWidth' | 'timeZoneOffset'
>;

const NOT_SCRIPTED: Scripted = {
  javaEnabled: null,
  language: null,
  colorDepth: null,
  screenHeight: null,
  screenWidth: null,
  timeZoneOffset: null,
};

function readScripted(form: URLSearchParams): Scripted | null {
  const language = shorten(form.get('lang') ?? '');
  const colorDepth = depthOf(integer(form.get('depth')));
  const screenWidth = within(integer(form.get('width')), 0, 999_999);
  const screenHeight = within(integer(form.get('height')), 0, 999_999);
  const timeZoneOffset = within(integer(form.get('tz')), -840, 840);
  if (language === null || colorDepth === null || timeZoneOffset === null) return null;
  if (screenWidth === null || screenHeight === null) return null;
  return {
    javaEnabled: form.get('java') === '1',
    language,
    colorDepth,
    screenHeight,
    screenWidth,
    timeZoneOffset,
  };
}

/** A language tag within 8 characters: subtags are left off from the end (`zh-Hant-TW` → `zh-Hant`). */
function shorten(tag: string): string | null {
  if (!/^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$/.test(tag)) return null;
  return tag.length <= 8 ? tag : shorten(tag.slice(0, tag.lastIndexOf('-')));
}

const DEPTHS = [48, 32, 24, 16, 15, 8, 4, 1];

/** Screens have depths that the message does not know, 30 for one: the next lower one is sent. */
function depthOf(depth: number | null): number | null {
  return depth === null ? null : (DEPTHS.find((known) => known <= depth) ?? null);
}

function integer(text: string | null): number | null {
  return text !== null && /^-?\d{1,6}$/.test(text) ? Number(text) : null;
}

function within(value: number | null, from: number, to: number): number | null {
  return value !== null && value >= from && value <= to ? value : null;
}
