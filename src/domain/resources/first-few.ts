const most = 3;

/** A cell that shows the first three of a list and how many more there are (printers.go listWithMoreString). */
export const firstFew = (list: readonly string[], none: string): string => {
  const shown = list.slice(0, most).join(',');
  return list.length > most ? `${shown} + ${list.length - most} more...` : shown || none;
};
