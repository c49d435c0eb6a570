/** Speaks REST as one identity; throws on anything but 2xx. `path` is below `/api/v1`. */
export type Rest = <T>(method: string, path: string, body?: unknown) => Promise<T>;

export const restAs =
  (url: string, token: string): Rest =>
  async (method, path, body) => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as never;
  };
