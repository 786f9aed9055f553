/** Says what is going on before it starts and, when it took long enough to wonder about, how long it took. */
export async function step<T>(what: string, work: () => Promise<T>): Promise<T> {
  console.log(`${what} …`);
  const start = performance.now();
  const result = await work();
  const seconds = Math.round((performance.now() - start) / 1000);
  if (seconds >= 3) console.log(`  done in ${seconds} s`);
  return result;
}
