/** What a receipt says, whether or not it is genuine; nothing where it says nothing. */
export function unverifiedClaims(receipt: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(Buffer.from(receipt.split('.')[1] ?? '', 'base64url').toString());
  } catch {
    return {};
  }
}
