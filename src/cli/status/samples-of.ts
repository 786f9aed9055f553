/** The lines of a Prometheus exposition: name with labels → value. */
export const samplesOf = (text: string): Map<string, number> =>
  new Map(
    text.split('\n').flatMap((line) => {
      const space = line.lastIndexOf(' ');
      return line.startsWith('#') || space < 0 ? [] : [[line.slice(0, space), Number(line.slice(space + 1))] as const];
    }),
  );
