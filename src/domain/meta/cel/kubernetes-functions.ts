import { addressesLibrary } from './addresses-library.ts';
import { conversions } from './conversions.ts';
import { formatsLibrary } from './formats-library.ts';
import { functionTable, type FunctionTable } from './function-table.ts';
import { listsLibrary } from './lists-library.ts';
import { operators } from './operators.ts';
import { optionalsLibrary } from './optionals-library.ts';
import { patternsLibrary } from './patterns-library.ts';
import { quantitiesLibrary } from './quantities-library.ts';
import { semverLibrary } from './semver-library.ts';
import { stringsLibrary } from './strings-library.ts';
import { timesLibrary } from './times-library.ts';
import { urlsLibrary } from './urls-library.ts';

let table: FunctionTable | undefined;

/** What Kubernetes lets expressions call (apiserver pkg/cel/environment/base.go). Made for the first expression: until then it costs nothing. */
export const kubernetesFunctions = (): FunctionTable =>
  (table ??= functionTable([
    ...operators(),
    ...conversions(),
    ...stringsLibrary(),
    ...timesLibrary(),
    ...listsLibrary(),
    ...optionalsLibrary(),
    ...patternsLibrary(),
    ...urlsLibrary(),
    ...addressesLibrary(),
    ...quantitiesLibrary(),
    ...semverLibrary(),
    ...formatsLibrary(),
  ]));
