/** One measured value. */
export type Figure = { readonly name: string; readonly value: number; readonly unit: string };

/** `name: value unit`, with three significant digits: more would be noise. */
export const formatFigure = ({ name, value, unit }: Figure): string =>
  `${name}: ${Number(value.toPrecision(3))} ${unit}`;
