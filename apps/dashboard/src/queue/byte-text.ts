const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];

/** `1 byte`, `12.5 KiB`, `3.0 GiB`. */
export function byteText(bytes: number): string {
  if (bytes === 1) return '1 byte';
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`;
}
