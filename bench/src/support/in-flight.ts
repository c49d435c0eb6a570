/** Keeps `width` runs of `work` under way until the time is over; returns how many were done, and in which time. */
export async function keepInFlight(
  width: number,
  forMs: number,
  work: (lane: number) => Promise<unknown>,
): Promise<{ done: number; ms: number }> {
  const began = performance.now();
  const end = began + forMs;
  let done = 0;
  const lane = async (number: number): Promise<void> => {
    while (performance.now() < end) {
      await work(number);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: width }, (_, number) => lane(number)));
  return { done, ms: performance.now() - began };
}

/** Keeps `width` runs of `work` under way until one says that there is nothing left to do. */
export async function keepBusy(width: number, work: () => Promise<boolean>): Promise<void> {
  const lane = async (): Promise<void> => {
    while (await work());
  };
  await Promise.all(Array.from({ length: width }, lane));
}

/** How long each of `count` runs took, one after the other, in milliseconds. */
export async function timeEach(count: number, work: (index: number) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const began = performance.now();
    await work(index);
    times.push(performance.now() - began);
  }
  return times;
}
