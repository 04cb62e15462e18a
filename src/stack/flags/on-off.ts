/** The value of a parameter that a pair of flags sets; undefined when neither was given. */
export function onOff(flag: boolean | undefined, on: string = 'on'): string | undefined {
  if (flag === undefined) return undefined;
  return flag ? on : 'off';
}
