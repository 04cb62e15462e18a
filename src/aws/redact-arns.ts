const ARN = /\barn:aws[a-z-]*:[a-z0-9-]*:[a-z0-9-]*:\d*:([^\s"'`,;)\]}]+)/g;
/** Twelve digits on their own, and not the end of a UUID. */
const ACCOUNT_ID = /(?<![\w-])\d{12}(?![\w-])/g;

/** A text of AWS without what names an account: an ARN becomes its resource (`role/deployer`), an account id `ACCOUNT`. */
export function redactArns(text: string): string {
  return text.replaceAll(ARN, '$1').replaceAll(ACCOUNT_ID, 'ACCOUNT');
}
