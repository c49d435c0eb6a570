/** The one cookie of an answer, as `name=value`, and its attributes in lower case. */
export function cookieOf(headers: Headers): { pair: string; attributes: string[] } {
  const [first = '', ...others] = headers.getSetCookie();
  if (others.length > 0) throw new Error('more than one cookie');
  const [pair = '', ...attributes] = first.split(';').map((part) => part.trim());
  return { pair, attributes: attributes.map((attribute) => attribute.toLowerCase()) };
}
