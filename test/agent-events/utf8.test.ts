import { expect, test } from 'vitest';
import { Base64Decoder, Utf8Decoder } from '../../src/agent-events/utf8.ts';

test.each(['a', 'é', '日', '🎈'])('%s comes as soon as it is complete, wherever its bytes are cut', (character) => {
  const bytes = Buffer.from(`x${character}`);
  for (let at = 1; at <= bytes.length; at += 1) {
    const decoder = new Utf8Decoder();
    const isCut = at > 1 && at < bytes.length;
    const head = at === bytes.length ? `x${character}` : 'x';
    expect([at, decoder.decode(bytes.subarray(0, at)), decoder.isWithinCharacter]).toEqual([at, head, isCut]);
    const rest = at === bytes.length ? '' : character;
    expect([at, decoder.decode(bytes.subarray(at)), decoder.isWithinCharacter]).toEqual([at, rest, false]);
  }
});

test('a character byte by byte, and bytes that belong to none', () => {
  const each = (bytes: Buffer): string[] => {
    const decoder = new Utf8Decoder();
    return Array.from(bytes, (byte) => decoder.decode(Uint8Array.of(byte)));
  };
  expect(each(Buffer.from('🎈'))).toEqual(['', '', '', '🎈']);
  expect(each(Buffer.from([0x80, 0x61, 0xc3, 0x61]))).toEqual(['\uFFFD', 'a', '', '\uFFFDa']);
});

test('base64 that is not UTF-8 is text, and what follows is read anew', () => {
  const decoder = new Base64Decoder();
  const half = Buffer.from('é').subarray(0, 1).toString('base64');
  const wrong = Buffer.from([0xff, 0xff, 0xff]).toString('base64');
  expect(decoder.decode(half)).toBe('');
  expect(decoder.decode(wrong)).toBe(wrong);
  expect(decoder.decode(Buffer.from('abc').toString('base64'))).toBe('abc');
  expect(['abc', 'ab c', 'YWJj='].map((piece) => decoder.decode(piece))).toEqual(['abc', 'ab c', 'YWJj=']);
});
