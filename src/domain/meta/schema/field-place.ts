/** The way to a value inside an object that is being read; a linked list, because most places are never printed. */
export type FieldPlace = {
  readonly parent: FieldPlace | undefined;
  /** `struct` is the type that has the field. */
  readonly step:
    | { readonly kind: 'field'; readonly name: string; readonly struct: string }
    | { readonly kind: 'key'; readonly name: string }
    | { readonly kind: 'index'; readonly index: number };
};

/** As strict decoding prints it, with map keys and indexes: `spec.containers[0].image`. */
export function strictPath(place: FieldPlace): string {
  return steps(place)
    .map((step, depth) => (step.kind === 'index' ? `[${step.index}]` : depth === 0 ? step.name : `.${step.name}`))
    .join('');
}

/** As a Go type error prints it, without them, after the innermost struct: `struct field Container.spec.containers.image`. */
export function goPath(place: FieldPlace | undefined): string {
  const fields = steps(place).filter((step) => step.kind === 'field');
  const struct = fields.at(-1)?.struct;
  return struct === undefined ? 'value' : `struct field ${struct}.${fields.map((field) => field.name).join('.')}`;
}

function steps(place: FieldPlace | undefined): FieldPlace['step'][] {
  const reversed: FieldPlace['step'][] = [];
  for (let at = place; at !== undefined; at = at.parent) reversed.push(at.step);
  return reversed.reverse();
}
